import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { PRESETS } from '../../src/policy/presets/index.js'
import { RULES } from '../../src/policy/rules/index.js'
import { problemsOf } from '../support/policies.js'

const document = readFileSync(new URL('../../docs/policy.md', import.meta.url), 'utf8')

/** The text under a heading, up to the next one. */
function section(heading: string): string {
  const parts = document.split(`\n### \`${heading}\`\n`)
  expect(parts, heading).toHaveLength(2)
  return (parts[1] as string).split(/\n##+ /)[0] as string
}

const unwrapped = (text: string): string => text.replaceAll('\n', ' ')

describe('docs/policy.md', () => {
  test.each(RULES)(
    'shows the rule $id once, as it is',
    async ({ id, title, help, severity, settings, shorthand, defaults }) => {
      const text = section(id)
      expect(unwrapped(text)).toContain(`${title}. Without a policy: \`${severity}\`.`)
      expect(unwrapped(text)).toContain(help)
      const rows = text.split('\n').filter((line) => line.startsWith('| `'))
      expect(rows.map((row) => /`([^`]+)`/.exec(row)?.[1])).toEqual(Object.keys(settings))
      for (const [index, [key, setting]] of Object.entries(settings).entries()) {
        const value = defaults[key]
        const usual = value === undefined ? '' : `; by default \`${Array.isArray(value) ? value.join(', ') : value}\``
        expect(rows[index]).toContain(`| ${setting.help}${usual} |`)
        expect(rows[index]?.includes('(shorthand)')).toBe(key === shorthand)
        if ('words' in setting) for (const word of setting.words) expect(rows[index]).toContain(`\`${word}\``)
      }
      const examples = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)]
      expect(examples).toHaveLength(1)
      expect(examples[0]?.[1]).toContain(`\n  ${id}:`)
    },
  )

  test('names no rule and no preset that is not there', () => {
    const headings = [...document.matchAll(/\n### `([^`]+)`\n/g)].map(([, heading]) => heading)
    expect(headings).toEqual([...RULES.map(({ id }) => id), ...Object.keys(PRESETS)])
  })

  test.each(Object.values(PRESETS))('shows the preset $name as it is', ({ name, description, source, date }) => {
    expect(unwrapped(section(name))).toContain(`${description}  Source: ${source}. Compared on ${date}.`)
  })

  test('has examples that are policies', async () => {
    const examples = [...document.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, example]) => example as string)
    expect(examples.length).toBeGreaterThan(RULES.length)
    for (const example of examples) expect(await problemsOf(example), example).toEqual([])
  })

  test('shows a mistake as it is told', async () => {
    const [problem] = await problemsOf('extends: hybrid\nrules:\n  lable: error\n')
    expect(document).toContain(`\npqcap: ${problem?.replace('p.yaml', 'policy.yaml')}\n`)
  })
})
