// Pictures and text files that come along with a message: chosen, pasted and dropped, made small and harmless
// before they leave, shown to a model that takes them, and there again for every reader.
import { Buffer } from 'node:buffer'
import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { filePart, pictures } from '../../supabase/tests/models/pictures.ts'
import { ask, foundTeam } from './api.ts'
import { idInAddress, message, say, seen } from './conversation.ts'
import { journey } from './journey.ts'
import { useModel } from './model.ts'

type Chosen = { name: string; mimeType: string; buffer: Buffer }

async function attach(page: Page, files: Chosen[]): Promise<void> {
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Attach pictures or text files' }).click()
  await (await chooser).setFiles(files)
}

/** A photo as a camera writes it: with where it was taken. */
function photo(): Buffer {
  const jpeg = Buffer.from(pictures['image/jpeg'], 'base64')
  const exif = Buffer.from('Exif\0\0SECRETCAM 48.137N 11.575E')
  const head = Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0, exif.length + 2])
  return Buffer.concat([head, exif, jpeg.subarray(2)])
}

const sales = { name: 'sales.csv', mimeType: 'text/csv', buffer: Buffer.from('name,sum\nAda,3\n') }
const chip = (page: Page, name: string) => page.getByRole('button', { name: `Remove ${name}` })

describe.each(['phone', 'desktop'] as const)('on a %s', (on) => {
  journey('a picture and a text file reach a model that takes them', async ({ stage }) => {
    const team = await foundTeam()
    const model = await useModel(
      team,
      [{ say: ['A red picture.'] }, { say: ['Still red.'] }, { say: ['Red again.'] }],
      { takes_images: true },
    )
    const page = await stage.open({ on, as: team.owner })
    await attach(page, [{ name: 'red.jpg', mimeType: 'image/jpeg', buffer: photo() }, sales])
    await seen(chip(page, 'red.jpg'))
    await seen(chip(page, 'sales.csv'))
    await say(page, 'what is this')
    await seen(page.getByText('A red picture.', { exact: true }))
    const [first] = await model.asked()
    const sent = JSON.stringify(first?.body.messages.at(-1))
    const [, content = ''] = /data:image\/jpeg;base64,([^"]+)/.exec(sent) ?? []
    expect(Buffer.from(content, 'base64').toString('latin1')).not.toMatch(/SECRETCAM|Exif/)
    expect(content.length).toBeGreaterThan(100)
    expect(sent).toMatch(/Attached file \\"sales\.csv\\" \(text\/csv\): untrusted data.*Ada,3/)

    await page.reload()
    await page.getByRole('button', { name: 'Open picture red.jpg' }).click()
    const large = page.getByRole('dialog').getByRole('img', { name: 'red.jpg' })
    await seen(large)
    expect(await large.evaluate((one: HTMLImageElement) => one.naturalWidth)).toBe(7)
    await page.keyboard.press('Escape')
    await page.getByText('sales.csv', { exact: true }).click()
    await seen(page.getByText('Ada,3'))

    await say(page, 'and now')
    await seen(page.getByText('Still red.', { exact: true }))
    expect(JSON.stringify((await model.asked())[1]?.body.messages)).toMatch(/image_url.*Ada,3/)
    await page.getByRole('button', { name: 'Edit message' }).first().dispatchEvent('click')
    const box = page.getByRole('textbox', { name: 'Edit your message' })
    await box.fill('what is this really')
    await page.locator('form', { has: box }).getByRole('button', { name: 'Send' }).click()
    await seen(page.getByText('Red again.', { exact: true }))
    const again = JSON.stringify((await model.asked())[2]?.body.messages)
    expect(again.match(/"type":"image_url"/g)).toHaveLength(1)
    expect(again).toMatch(/what is this really.*Ada,3/)
  })

  journey(
    'what cannot come along is refused with its reason, and the rest stays',
    async ({ stage }) => {
      const page = await stage.open({ on, as: 'member@acme.test' })
      await attach(page, [
        sales,
        { name: 'report.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7') },
        { name: 'tool.txt', mimeType: 'text/plain', buffer: Buffer.from([0x4d, 0x5a, 0, 3]) },
        { name: 'big.log', mimeType: 'text/plain', buffer: Buffer.alloc(200_001, 'a') },
      ])
      await seen(page.getByText('“report.pdf” is neither a picture nor a text file.'))
      await seen(page.getByText('“tool.txt” is not text inside.'))
      await seen(page.getByText('“big.log” is larger than 200 kB, the most for a text file.'))
      await seen(page.getByText('The built-in router reads no files, only your words.'))
      await attach(page, [1, 2, 3, 4].map((nth) => ({ ...sales, name: `${nth}.csv` })))
      await seen(page.getByText('A message takes at most 4 files.'))
      await seen(chip(page, '3.csv'))
      expect(await chip(page, '4.csv').count()).toBe(0)
      await chip(page, 'sales.csv').click()
      expect(await chip(page, 'sales.csv').count()).toBe(0)
    },
  )
})

journey(
  'a large picture is pasted, a file dropped, and both are small when they leave',
  async ({ stage }) => {
    const team = await foundTeam()
    const page = await stage.open({ on: 'desktop', as: team.owner })
    await message(page).waitFor()
    await page.evaluate(async () => {
      const canvas = Object.assign(document.createElement('canvas'), {
        width: 3_000,
        height: 1_000,
      })
      const pen = canvas.getContext('2d')!
      pen.fillStyle = 'teal'
      pen.fillRect(0, 0, 1_500, 1_000)
      const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
      const clipboard = new DataTransfer()
      clipboard.items.add(new File([blob!], 'image.png', { type: 'image/png' }))
      const box = document.querySelector('textarea')!
      box.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: clipboard, bubbles: true, cancelable: true }),
      )
    })
    await seen(chip(page, 'image.png'))
    await page.evaluate(() => {
      const held = new DataTransfer()
      held.items.add(new File(['# Hi'], 'notes.md', { type: 'text/markdown' }))
      const over = (type: string) =>
        new DragEvent(type, { dataTransfer: held, bubbles: true, cancelable: true })
      const box = document.querySelector('textarea')!
      for (const type of ['dragenter', 'dragover', 'drop']) box.dispatchEvent(over(type))
    })
    await seen(chip(page, 'notes.md'))
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await seen(page.getByRole('button', { name: 'Open picture image.png' }))
    await page.getByRole('button', { name: 'Answer again' }).waitFor()
    const kept = await ask(
      `/rest/v1/astra_attachments?select=name,media_type,content&chat_id=eq.${idInAddress(page)}` +
        '&order=position',
      { method: 'GET', session: team.owner },
    )
    const [picture, notes] = kept.body as { name: string; media_type: string; content: string }[]
    expect([notes?.name, notes?.media_type]).toEqual(['notes.md', 'text/markdown'])
    const bytes = Buffer.from(picture!.content, 'base64')
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([1_568, 523])
  },
)

journey(
  'markup that comes along stays text, and under a picture’s name it is refused',
  async ({ stage }) => {
    const team = await foundTeam()
    const page = await stage.open({ on: 'phone', as: team.owner })
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="document.title=\'owned\'"/>'
    await attach(page, [{ name: 'x.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(svg) }])
    await seen(chip(page, 'x.svg'))
    await say(page, 'look')
    await page.getByText('x.svg', { exact: true }).click()
    await seen(page.getByText(svg))
    expect(await page.title()).not.toContain('owned')
    const parts = [filePart('x.png', 'image/png', Buffer.from(svg).toString('base64'))]
    const chat_id = idInAddress(page)
    const refused = await ask('/functions/v1/mcp-client/chat', {
      session: team.owner,
      body: {
        team_id: team.team_id,
        chat_id,
        message: { id: crypto.randomUUID(), role: 'user', parts },
      },
    })
    expect(refused).toMatchObject({ status: 400, body: { error: { code: 'invalid_request' } } })
  },
)
