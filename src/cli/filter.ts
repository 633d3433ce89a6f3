import { BlockList, isIP, isIPv4 } from 'node:net'
import { nearest } from '../bytes/nearest.js'
import { matchesServerName } from '../bytes/server-name.js'
import { groupNames, holds, readGroup } from '../policy/code-points.js'
import type { CodePoints } from '../policy/policy.js'
import { readVersion } from '../policy/versions.js'
import { GROUP_ROWS } from '../registry/group-rows.js'
import { VERSION_NAMES } from '../registry/versions.js'
import { LABELS, OUTCOMES } from '../report/totals.js'
import type { Group, HandshakeRecord, NoteSeverity, Reason } from '../verdict/record.js'
import { UsageError } from './exit.js'
import { serverNameForms } from './server-names.js'

/** Whether a handshake is to be shown. */
export type Filter = (record: HandshakeRecord) => boolean

/** Whether the handshake has one of the values, which are not empty. */
type Condition = (values: readonly string[]) => Filter

/** What stands in the place of a group's name where there is no group. */
const EXCHANGES = ['DHE', 'RSA', 'PSK', 'resumed']
const REASONS: readonly Reason[] = [
  'hybrid-selected',
  'hybrid-after-retry',
  'post-quantum-selected',
  'post-quantum-after-retry',
  'server-chose-classical',
  'retried-to-classical',
  'client-offered-no-post-quantum',
  'offer-not-seen',
  'tls12-or-older',
  'psk-only',
  'resumed',
  'unknown-group',
  'alert-before-server-hello',
  'closed-before-server-hello',
  'no-answer',
  'missing-bytes',
  'one-direction',
  'malformed',
]

const SEVERITIES: readonly NoteSeverity[] = ['error', 'warning', 'info']

const CONDITIONS: ReadonlyMap<string, Condition> = new Map<string, Condition>([
  ['label', (values) => among('label', values, LABELS, (record) => record.verdict.label)],
  ['outcome', (values) => among('outcome', values, OUTCOMES, (record) => record.verdict.outcome)],
  ['reason', (values) => among('reason', values, REASONS, (record) => record.verdict.reason)],
  ['version', version],
  ['group', group],
  ['server-name', serverName],
  ['client', (values) => address(values, (record) => [record.client.address])],
  ['server', (values) => address(values, (record) => [record.server.address])],
  ['address', (values) => address(values, (record) => [record.client.address, record.server.address])],
  ['port', (values) => oneOf('port', values, 0xffff, (record) => [record.client.port, record.server.port])],
  ['stream', (values) => oneOf('stream', values, Number.MAX_SAFE_INTEGER, (record) => [record.stream])],
  ['severity', severity],
])

/**
 * Reads `key=value[,value...]` or `key!=value[,value...]`: the handshake has one of the values, or none of them.
 * @throws UsageError with the nearest known word
 */
export function parseFilter(expression: string): Filter {
  const parts = /^\s*([^=!\s]*)\s*(!?=)(.*)$/s.exec(expression)
  if (parts === null) throw new UsageError(`filter '${expression}' is not of the form key=value or key!=value`)
  const [, key, operator, list] = parts as unknown as [string, string, string, string]
  const condition = CONDITIONS.get(key.toLowerCase())
  if (condition === undefined) throw unknown('filter key', key, [...CONDITIONS.keys()])
  const values = list.split(',').map((value) => value.trim())
  if (values.includes('')) throw new UsageError(`filter '${expression}' has an empty value`)
  const matches = condition(values)
  return operator === '=' ? matches : (record) => !matches(record)
}

/** All of the expressions must hold. */
export function parseFilters(expressions: readonly string[]): Filter {
  const filters = expressions.map(parseFilter)
  return (record) => filters.every((filter) => filter(record))
}

function unknown(what: string, word: string, known: readonly string[], all = true): UsageError {
  const near = nearest(word, known)
  const hint = near !== undefined ? `; did you mean '${near}'?` : all ? `; known: ${known.join(', ')}` : ''
  return new UsageError(`unknown ${what} '${word}'${hint}`)
}

function among(
  key: string,
  values: readonly string[],
  known: readonly string[],
  of: (record: HandshakeRecord) => string | null,
): Filter {
  const wanted = new Set(values.map((value) => value.toLowerCase()))
  for (const word of wanted) if (!known.includes(word)) throw unknown(key, word, known)
  return (record) => wanted.has(of(record) ?? '')
}

/** Whole numbers, of which the handshake has one. */
function oneOf(
  key: string,
  values: readonly string[],
  highest: number,
  of: (record: HandshakeRecord) => readonly number[],
): Filter {
  const wanted = new Set(values.map(Number))
  const range = highest === Number.MAX_SAFE_INTEGER ? '' : ` from 0 to ${highest}`
  const wrong = values.find((value) => !/^\d+$/.test(value) || Number(value) > highest)
  if (wrong !== undefined) throw new UsageError(`${key} '${wrong}' is not a whole number${range}`)
  return (record) => of(record).some((number) => wanted.has(number))
}

/** A finding of one of the severities is among the notes. */
function severity(values: readonly string[]): Filter {
  const wanted = values.map((value) => value.toLowerCase())
  for (const word of wanted) if (!SEVERITIES.some((one) => one === word)) throw unknown('severity', word, SEVERITIES)
  return ({ notes }) => notes.some(({ severity }) => severity !== undefined && wanted.includes(severity))
}

/** What a version without a name is called: TLCP, and drafts as implementations of their own numbered them. */
const UNNAMED_VERSION = /^unknown \(0x[\da-f]{4}\)$/i

/** `TLSv1.3`, also as `tls1.3` or `1.3`; drafts as `TLSv1.3-draft23`; others as they are shown, `unknown (0x0101)`. */
function version(values: readonly string[]): Filter {
  const wanted = new Set(
    values.map((value) => {
      const known = readVersion(value)
      if (known === null && !UNNAMED_VERSION.test(value)) throw unknown('version', value, VERSION_NAMES)
      return (known ?? value).toLowerCase()
    }),
  )
  return (record) => wanted.has(record.negotiated?.version.toLowerCase() ?? '')
}

/** The selected group by its name or number, or the word that stands for the key exchange where there is no group. */
function group(values: readonly string[]): Filter {
  const names = [...GROUP_ROWS.map((row) => row[1]), ...EXCHANGES]
  const lower = new Set(names.map((name) => name.toLowerCase()))
  const ids = new Set<number>()
  const words = new Set<string>()
  const others: CodePoints[] = []
  for (const value of values) {
    if (/^(?:\d+|0x[\da-f]+)$/i.test(value)) {
      const id = Number(value)
      if (id > 0xffff) throw new UsageError(`group ${value} is more than 65535`)
      ids.add(id)
    } else if (lower.has(value.toLowerCase())) words.add(value.toLowerCase())
    else {
      const read = readGroup(value, 'every')
      if (typeof read === 'string') throw unknown('group', value, [...groupNames(), ...EXCHANGES], false)
      others.push(read)
    }
  }
  const isWanted = ({ id, name }: Group): boolean =>
    ids.has(id) || words.has(name.toLowerCase()) || holds(others, id, name)
  return ({ negotiated }) =>
    negotiated !== null &&
    (words.has(negotiated.keyExchange.toLowerCase()) || (negotiated.group !== null && isWanted(negotiated.group)))
}

function serverName(values: readonly string[]): Filter {
  const patterns = values.flatMap(serverNameForms)
  return ({ serverName }) => serverName !== null && patterns.some((pattern) => matchesServerName(pattern, serverName))
}

/** Length of the prefix of IPv4-mapped addresses, ::ffff:0:0/96 (RFC 4291 §2.5.5.2). */
const MAPPED_LENGTH = 96

/** Addresses or CIDR blocks, IPv4 or IPv6, in any spelling. */
function address(values: readonly string[], of: (record: HandshakeRecord) => readonly string[]): Filter {
  const wanted = new BlockList()
  // IPv4 addresses fit `::ffff:0:0/96` as IPv6 writes them, and so every block around it, which is not what it says.
  const wantedOfIpv6 = new BlockList()
  for (const value of values) {
    const [network, prefix, ...more] = value.split('/') as [string, ...string[]]
    const bits = isIPv4(network) ? 32 : 128
    const valid = isIP(network) !== 0 && more.length === 0
    if (!valid || (prefix !== undefined && !(/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits))) {
      throw new UsageError(`'${value}' is neither an address nor a block such as 198.51.100.0/24 or 2001:db8::/32`)
    }
    const length = prefix === undefined ? bits : Number(prefix)
    const list = bits === 128 && length < MAPPED_LENGTH ? wantedOfIpv6 : wanted
    list.addSubnet(network, length, family(network))
  }
  return (record) =>
    of(record).some((text) => wanted.check(text, family(text)) || (!isIPv4(text) && wantedOfIpv6.check(text, 'ipv6')))
}

function family(address: string): 'ipv4' | 'ipv6' {
  return isIPv4(address) ? 'ipv4' : 'ipv6'
}
