import { expect, test } from 'vitest'
import { titleOfKey, toolTitle } from './tool-title.ts'

test('a tool is called by its title, without the word that says nothing', () => {
  const titles = ['Echo Tool', ' Print Environment tool ', 'Toolbox', 'Tool']
  expect(titles.map((title) => toolTitle({ title, tool_name: 'x' })))
    .toEqual(['Echo', 'Print Environment', 'Toolbox', 'Tool'])
})

test('without a title its name is put in words, by the same rule', () => {
  expect(['get-sum', 'search_tool'].map((tool_name) => toolTitle({ title: null, tool_name })))
    .toEqual(['Get sum', 'Search'])
  expect(toolTitle({ title: '  ', tool_name: 'echo' })).toBe('Echo')
})

test('a key alone still gives a name', () => {
  expect(['everything__get-sum', 'a__b__c', 'echo'].map(titleOfKey))
    .toEqual(['Get sum', 'B c', 'Echo'])
})
