#!/usr/bin/env node
/**
 * Writes the row tables of src/registry from the snapshot in scripts/registry.
 *
 *   node scripts/make-registry.mjs           writes the files
 *   node scripts/make-registry.mjs --check   names the files that differ, and exits with 1 where any does
 *
 * To change a row, change the CSV file and run this.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const SNAPSHOT_DATE = '2026-11-22'
const snapshotFolder = new URL('./registry/', import.meta.url)
const registryFolder = new URL('../src/registry/', import.meta.url)

/** File name in src/registry -> its text. */
export function registryFiles() {
  const groups = readCsv('tls-groups.csv').filter((row) => row.kind !== 'grease')
  return new Map([
    ['group-rows.ts', groupRows(groups)],
    ['group-notes.ts', groupNotes(groups)],
    ['group-name-rows.ts', groupNameRows(readCsv('tls-group-names.csv'))],
    ['cipher-suite-rows.ts', cipherSuiteRows(readCsv('tls-cipher-suites.csv'), readCsv('sslv2-cipher-kinds.csv'))],
    ['extension-rows.ts', extensionRows(readCsv('tls-extensions.csv'))],
    ['signature-scheme-rows.ts', signatureSchemeRows(readCsv('tls-signature-schemes.csv'))],
    ['alert-rows.ts', alertRows(readCsv('tls-alerts.csv'))],
    ['link-type-rows.ts', linkTypeRows(readCsv('link-types.csv'))],
  ])
}

function groupRows(groups) {
  const rows = groups
    .filter((row) => row.code_hex_end === '')
    .map((row) => [
      code(row.code_hex),
      text(ianaName(row.name)),
      text(groupKind(row.kind)),
      text(groupStatus(row)),
      Number(row.client_share_bytes),
      Number(row.server_share_bytes),
      text(row.components_wire_order),
      Number(row.rank),
      ...groupForm(row),
    ])
  const ranges = groups
    .filter((row) => row.code_hex_end !== '')
    .map((row) => [
      code(row.code_hex),
      code(row.code_hex_end),
      text(row.name),
      text(groupKind(row.kind)),
      text(groupStatus(row)),
    ])
  return [
    ...header(
      'IANA TLS Supported Groups; RFC 10024; draft-ietf-tls-mlkem-11; oqs-provider, s2n-tls and BoringSSL history',
    ),
    "import type { GroupKind, GroupStatus } from './types.js'",
    '',
    '/**',
    ' * Client and server bytes are the lengths of key_exchange each way, 0 where the group has no fixed length.',
    ' * Components are in wire order. Rank orders the meanings of one code point: 1 is the one to assume.',
    ' * `length-prefixed`: early versions put a 2-byte length before each component. `order-unknown`: versions differ in',
    ' * which component comes first.',
    ' */',
    'export type GroupRow = readonly [',
    '  id: number,',
    '  name: string,',
    '  kind: GroupKind,',
    '  status: GroupStatus,',
    '  clientBytes: number,',
    '  serverBytes: number,',
    '  components: string,',
    '  rank: number,',
    "  form?: 'length-prefixed' | 'order-unknown',",
    ']',
    '',
    ...table('GROUP_ROWS', 'GroupRow', rows),
    '',
    '/** Code points from first to last that have no row of their own. */',
    'export type GroupRangeRow = readonly [first: number, last: number, name: string, kind: GroupKind, status: GroupStatus]',
    '',
    ...table('GROUP_RANGE_ROWS', 'GroupRangeRow', ranges),
    '',
  ].join('\n')
}

function groupNotes(groups) {
  const rows = groups.map((row) => [
    code(row.code_hex),
    text(ianaName(row.name)),
    text(row.family),
    text(/^(unverified|secondary)/.test(row.source) ? '' : certain(row.reference)),
    text(row.tls13_allowed),
    text(recommended(row)),
    text(certain(row.notes)),
  ])
  return [
    ...header(
      'IANA TLS Supported Groups; RFC 10024; draft-ietf-tls-mlkem-11; oqs-provider, s2n-tls and BoringSSL history',
    ),
    '/**',
    ' * What there is to say of a group beyond its row, in the order of `GROUP_ROWS`, ranges in between. References and',
    ' * notes are separated by `; `. Recommended is the IANA column (Y, N, D), empty where it is not known.',
    ' */',
    'export type GroupNote = readonly [',
    '  id: number,',
    '  name: string,',
    '  family: string,',
    '  reference: string,',
    "  tls13: 'yes' | 'no',",
    "  recommended: 'Y' | 'N' | 'D' | '',",
    '  notes: string,',
    ']',
    '',
    ...table('GROUP_NOTES', 'GroupNote', rows),
    '',
  ].join('\n')
}

function groupNameRows(names) {
  const rows = names.map((row) => [code(row.code_hex), text(row.name), text(row.program), text(row.names)])
  return [
    ...header(
      'the sources of OpenSSL, BoringSSL, s2n-tls, rustls, oqs-provider and Wireshark; AWS KMS Developer Guide',
    ),
    '/** What a program calls a group: in its settings, its output and its sources, separated by `;`. */',
    'export type GroupNameRow = readonly [id: number, name: string, program: string, names: string]',
    '',
    ...table('GROUP_NAME_ROWS', 'GroupNameRow', rows),
    '',
  ].join('\n')
}

const PROTOCOLS = new Map([
  ['tls1.3', 'tls13'],
  ['<=tls1.2', 'tls12'],
  ['tlcp', 'tlcp'],
  ['scsv', 'scsv'],
])

const KEY_EXCHANGE_WORDS = new Map([
  ['RSA', 'RSA'],
  ['RSA export', 'RSA'],
  ['DHE', 'DHE'],
  ['DHE export', 'DHE'],
  ['ECDHE', 'ECDHE'],
  ['DH static', 'DH'],
  ['DH static export', 'DH'],
  ['ECDH static', 'ECDH'],
  ['DHE anon', 'DH_anon'],
  ['DHE anon export', 'DH_anon'],
  ['ECDHE anon', 'ECDH_anon'],
  ['PSK', 'PSK'],
  ['DHE+PSK', 'DHE_PSK'],
  ['RSA+PSK', 'RSA_PSK'],
  ['ECDHE+PSK', 'ECDHE_PSK'],
  ['SRP', 'SRP'],
  ['KRB5', 'KRB5'],
  ['KRB5 export', 'KRB5'],
  ['GOST VKO', 'GOST'],
  ['GOST key transport', 'GOST'],
  ['ECDHE (SM2)', 'SM2'],
  ['SM2 key transport', 'SM2'],
  ['IBSDH (SM9)', 'SM9'],
  ['SM9 key transport', 'SM9'],
  ['ECCPWD', 'ECCPWD'],
  ['ECJPAKE', 'ECJPAKE'],
  ['FORTEZZA', 'FORTEZZA'],
  ['NULL', 'NULL'],
  ['CECPQ1 (X25519+NewHope)', 'CECPQ1'],
  ['ECDHE+BIKE', 'ECDHE_BIKE'],
  ['ECDHE+SIKE', 'ECDHE_SIKE'],
  ['ECDHE+Kyber512', 'ECDHE_KYBER'],
  ['from key_share/psk', null],
  ['', null],
])

function cipherSuiteRows(suites, cipherKinds) {
  const row = (suite, protocol) => [code(suite.code_hex), text(suite.name), text(protocol), keyExchangeText(suite.kx)]
  const rows = [
    ...suites
      .filter((suite) => suite.protocol !== 'grease')
      .map((suite) => row(suite, known(PROTOCOLS, suite.protocol))),
    ...cipherKinds.map((kind) => row(kind, 'ssl2')),
  ]
  const words = new Set([...KEY_EXCHANGE_WORDS.values()].filter((word) => word !== null))
  return [
    ...header('IANA TLS Cipher Suites; Wireshark; BoringSSL and s2n-tls history; SSL 2.0 specification'),
    '/**',
    ' * How a suite of TLS 1.2 and older, or of TLCP (SM2, SM9), agrees on a secret. Export suites have the word of their',
    " * full-strength kin. `DH` and `ECDH` are static: the server's key is in its certificate.",
    ' */',
    'export type KeyExchangeWord =',
    ...[...words].map((word) => `  | ${text(word)}`),
    '',
    '/** `tls12` is TLS 1.2 and older. `ssl2` rows are 24-bit cipher kinds. */',
    "export type CipherSuiteProtocol = 'tls13' | 'tls12' | 'tlcp' | 'scsv' | 'ssl2'",
    '',
    '/** The key exchange is null where the suite does not say it: TLS 1.3, and values that only signal. */',
    'export type CipherSuiteRow = readonly [',
    '  id: number,',
    '  name: string,',
    '  protocol: CipherSuiteProtocol,',
    '  keyExchange: KeyExchangeWord | null,',
    ']',
    '',
    ...table('CIPHER_SUITE_ROWS', 'CipherSuiteRow', rows),
    '',
  ].join('\n')
}

function extensionRows(extensions) {
  const rows = extensions.filter((row) => row.name !== 'GREASE').map((row) => [code(row.code_hex), text(row.name)])
  return nameRows('EXTENSION_ROWS', 'IANA TLS ExtensionType Values; BoringSSL; s2n-tls', rows)
}

function signatureSchemeRows(schemes) {
  const rows = schemes
    .filter((row) => row.kind !== 'grease' && !row.code_hex.includes('-'))
    .map((row) => [code(row.code_hex), text(ianaName(row.name))])
  return nameRows('SIGNATURE_SCHEME_ROWS', 'IANA TLS SignatureScheme; RFC 5246; oqs-provider', rows)
}

function alertRows(alerts) {
  const rows = alerts.map((row) => [code(row.code_hex), text(row.name)])
  return nameRows('ALERT_ROWS', 'IANA TLS Alerts', rows)
}

/** LINKTYPE_USER0 to LINKTYPE_USER15 are 147 to 162; the snapshot holds the first. */
const USER_LINK_TYPES = 16

function linkTypeRows(linkTypes) {
  const rows = linkTypes
    .filter((row) => /^\d+$/.test(row.linktype))
    .flatMap((row) => {
      const id = Number(row.linktype)
      if (row.name !== 'USER0') return [[id, text(row.name.replace(/ \(.*\)$/, ''))]]
      return Array.from({ length: USER_LINK_TYPES }, (_, i) => [id + i, text(`USER${i}`)])
    })
  return nameRows('LINK_TYPE_ROWS', 'tcpdump.org link-layer header types; libpcap', rows)
}

function nameRows(name, source, rows) {
  return [
    ...header(source),
    "import type { NameRow } from './code-point.js'",
    '',
    ...table(name, 'NameRow', rows),
    '',
  ].join('\n')
}

function header(source) {
  return [
    '// Generated by scripts/make-registry.mjs, do not edit.',
    '// biome-ignore-all format: one row a line',
    `// Source: ${source}.`,
    `// Date: ${SNAPSHOT_DATE}.`,
    '',
  ]
}

function table(name, type, rows) {
  const unsorted = rows.findIndex((row, i) => i > 0 && Number(row[0]) < Number(rows[i - 1][0]))
  if (unsorted >= 0) throw new Error(`${name} is not sorted at ${rows[unsorted][0]}`)
  return [`export const ${name}: readonly ${type}[] = [`, ...rows.map((row) => `  [${row.join(', ')}],`), ']']
}

/** The snapshot marks the standing of a name in parentheses; the row has its own column for that. */
function ianaName(name) {
  return name.replace(/ \((OBSOLETE|.*private value|early vanity value|reserved for backward compatibility)\)$/, '')
}

function groupForm(row) {
  if (row.notes.includes('2-byte length before each component')) return [text('length-prefixed')]
  return row.notes.includes('component order unverified') ? [text('order-unknown')] : []
}

function groupKind(kind) {
  return kind === 'pure-pqc' ? 'post-quantum' : kind
}

function groupStatus({ family, status }) {
  if (family === 'sike') return 'broken'
  if (status.startsWith('standard')) return 'standard'
  if (status.startsWith('draft')) return 'draft'
  if (status === 'private-use' || status === 'experimental (current OQS default)') return 'private'
  if (status.startsWith('obsolete') || status.startsWith('experimental/obsolete')) return 'obsolete'
  if (status === 'reserved') return 'unassigned'
  throw new Error(`unknown group status ${status}`)
}

function recommended(row) {
  return row.iana_recommended.length > 1 || row.notes.includes('Recommended') ? '' : row.iana_recommended
}

/** Leaves out the clauses that the snapshot marks as not checked, and those that only tell how it was made. */
function certain(prose) {
  return prose
    .split(/; (?![^(]*\))/)
    .filter((clause) => !/\b(unverified|recalled|secondary|sizes derived)\b|^range$/.test(clause))
    .join('; ')
}

function keyExchangeText(kx) {
  const word = known(KEY_EXCHANGE_WORDS, kx)
  return word === null ? 'null' : text(word)
}

function known(words, word) {
  const value = words.get(word)
  if (value === undefined) throw new Error(`no word for "${word}"`)
  return value
}

function code(hex) {
  return hex.toLowerCase()
}

function text(value) {
  return `'${value.replace(/[\\']/g, '\\$&')}'`
}

/** Rows of an RFC 4180 file as objects by column name. */
function readCsv(name) {
  const [columns, ...lines] = csvRecords(readFileSync(new URL(name, snapshotFolder), 'utf8'))
  return lines.map((fields) => Object.fromEntries(columns.map((column, i) => [column, fields[i]])))
}

function csvRecords(source) {
  const records = []
  let record = []
  for (const [, quoted, plain, end] of source.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    record.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === ',') continue
    if (record.length > 1) records.push(record)
    record = []
  }
  return records
}

function main(args) {
  let different = 0
  for (const [name, content] of registryFiles()) {
    const file = new URL(name, registryFolder)
    if (!args.includes('--check')) writeFileSync(file, content)
    else if (readFileSync(file, 'utf8') !== content) {
      different++
      console.error(`src/registry/${name} is not what scripts/registry gives`)
    }
  }
  process.exitCode = different > 0 ? 1 : 0
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2))
