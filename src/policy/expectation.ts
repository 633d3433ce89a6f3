import { nearest } from '../bytes/nearest.js'
import { listText, unknown } from './code-points.js'
import { eachEntry } from './entries.js'
import type { Severity } from './finding.js'
import { nodeText, type PolicyNode, type Problems } from './node.js'
import type { Expectation, Where } from './policy.js'
import { LABELS } from './rules/outcome.js'
import { readCount, readSetting, readWord } from './setting.js'
import { readCondition, WHERE_KEYS } from './where.js'

/** More handshakes than this are not expected by hand. */
export const MAX_EXPECTED = 1_000_000_000

/** `NAME at least N LABEL`; the label may be left out, or be `handshakes`. */
export const EXPECTATION_PATTERN = `^(\\S+) (at least|at most|exactly) (\\d{1,9})(?: (${LABELS.join('|')}|handshakes?))?$`

/** `kms.*.amazonaws.com at least 1 hybrid`, or the same as a mapping. */
export function readExpectation(node: PolicyNode, problems: Problems): Expectation | undefined {
  if (node.kind === 'map') return readMapping(node, problems)
  if (node.kind !== 'scalar' || typeof node.value !== 'string')
    return problems.add(node.place, `an expectation is a text or a mapping, not ${nodeText(node)}`)
  const parts = new RegExp(EXPECTATION_PATTERN).exec(node.text.trim().replace(/\s+/g, ' '))
  const [, last] = /^\S+ (?:at least|at most|exactly) \d{1,9} (\S+)$/.exec(node.text.trim().replace(/\s+/g, ' ')) ?? []
  if (parts === null && last !== undefined && nearest(last, LABELS) !== undefined)
    return problems.add(node.place, unknown('label', last, LABELS))
  if (parts === null)
    return problems.add(
      node.place,
      `'${node.text}' is not of the form 'NAME at least N [LABEL]' (or at most, or exactly), with a label of ${listText(LABELS)}`,
    )
  const [, name, bound, digits, word] = parts as unknown as [string, string, string, string, string | undefined]
  const count = Number(digits)
  const labels = word === undefined || word.startsWith('handshake') ? null : [word]
  if (bound === 'at least' && count === 0) problems.add(node.place, ALWAYS)
  return made({
    where: { 'server-name': [name] },
    labels,
    atLeast: bound === 'at most' ? 0 : count,
    atMost: bound === 'at least' ? null : count,
    severity: null,
    source: node.place,
  })
}

function readMapping(node: PolicyNode & { kind: 'map' }, problems: Problems): Expectation {
  const where: Record<string, readonly (string | number)[]> = {}
  let labels: readonly string[] | null = null
  let atLeast: number | undefined
  let atMost: number | undefined
  let severity: Severity | 'off' | null = null
  const keys = [...WHERE_KEYS, 'label', 'at-least', 'at-most', 'severity']
  eachEntry(node, 'key of an expectation', keys, problems, (key, value) => {
    if (key === 'label')
      labels =
        (readSetting({ kind: 'words', words: LABELS, help: '' }, value, problems) as string[] | undefined) ?? null
    else if (key === 'at-least') atLeast = readCount(value, 0, MAX_EXPECTED, problems)
    else if (key === 'at-most') atMost = readCount(value, 0, MAX_EXPECTED, problems)
    else if (key === 'severity')
      severity = (readWord(value, ['error', 'warning', 'off'], problems) as Severity | undefined) ?? null
    else where[key] = readCondition(key as keyof Where, value, problems)
  })
  if (Object.keys(where).length === 0)
    problems.add(node.place, `an expectation needs one of ${WHERE_KEYS.join(', ')}, which says what is expected`)
  if (atLeast !== undefined && atMost !== undefined && atLeast > atMost)
    problems.add(node.place, `at least ${atLeast} and at most ${atMost} cannot both hold`)
  if (atLeast === 0 && atMost === undefined) problems.add(node.place, ALWAYS)
  return made({
    where,
    labels,
    // Without a number it is that there is one.
    atLeast: atLeast ?? (atMost === undefined ? 1 : 0),
    atMost: atMost ?? null,
    severity,
    source: node.place,
  })
}

/** A slip that would pass whatever comes. */
const ALWAYS = 'at least 0 always holds: at least 1 expects one, at most 0 expects none'

function made(expectation: Omit<Expectation, 'text'>): Expectation {
  const { where, labels, atLeast, atMost } = expectation
  const what = Object.entries(where).map(([key, values]) =>
    key === 'server-name' ? listText(values.map(String)) : `${key} ${listText(values.map(String))}`,
  )
  const bounds =
    atLeast === atMost
      ? [`exactly ${atLeast}`]
      : [...(atLeast > 0 ? [`at least ${atLeast}`] : []), ...(atMost === null ? [] : [`at most ${atMost}`])]
  const text = `${what.join(', ')} ${bounds.join(', ')} ${labels === null ? 'handshakes' : listText(labels)}`
  return { text, ...expectation }
}

/** How many handshakes an expectation is about. */
export interface ExpectedCount {
  /** That match, of any label and outcome. */
  readonly matching: number
  /** Of these, the ones that count. */
  readonly counted: number
  /** Others that may count: what they agreed on, or the name that they asked for, is not in the capture. */
  readonly open: number
}

/** The sentence of an expectation that was not met, or nobody knows; null where it was. The hint is for a slip. */
export function unmetText(
  { text, atLeast, atMost }: Expectation,
  { matching, counted, open }: ExpectedCount,
  hint = '',
): string | null {
  const most = atMost ?? Number.POSITIVE_INFINITY
  if (counted >= atLeast && counted + open <= most) return null
  const came = matching === 0 ? 'no handshake matches it' : counted === 0 ? 'none came' : `${counted} came`
  if (counted >= atLeast && counted <= most)
    return `Expected: ${text}; ${came}, but ${open} more may: the server name, or what was agreed on, was not seen.`
  const others = matching - counted
  return `Expected: ${text}; ${came}${matching === 0 ? hint : ''}${others === 0 ? '' : `, beside ${others} of another kind`}.`
}
