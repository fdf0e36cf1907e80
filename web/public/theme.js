// Runs before the first paint, so that a chosen theme never flashes the other one.
;(() => {
  let chosen = null
  try {
    chosen = localStorage.getItem('astra.theme')
  } catch {
    // Storage may be blocked: the system's choice applies.
  }
  if (chosen !== 'light' && chosen !== 'dark') return
  document.documentElement.dataset.theme = chosen
  for (const meta of document.querySelectorAll('meta[name="theme-color"]')) {
    meta.content = chosen === 'dark' ? '#15171c' : '#fbfbfa'
  }
})()
