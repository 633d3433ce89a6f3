import type {
  Change,
  FactDifference,
  Facts,
  ListLine,
  PairComparison,
  Place,
  SizeDifference,
  SizeName,
} from '../../compare/comparison.js'
import type { Group, KeyShare } from '../../verdict/record.js'
import { counted } from '../counted.js'
import { endpointText } from '../endpoint-text.js'
import type { Tone } from '../paint.js'
import { captureName } from '../row.js'
import { safeText } from '../safe-text.js'

/** A line of a comparison in words that are safe to print, whatever the format: only its own escapes are to be added. */
export interface DiffRow {
  readonly label: string
  readonly before: string
  readonly after: string
  /** `added`, `+1,184, x4.87`, `same`. */
  readonly change: string
  readonly tone: Tone
}

export interface DiffSection {
  readonly title: string
  readonly rows: readonly DiffRow[]
}

/** What stands for nothing. */
export const NONE = '-'

/** One side or both are not known, so that nothing can be said of the difference. */
const UNKNOWN = 'not known'

/** Lines of one list that are shown: a hostile hello has a thousand. */
const MAX_LINES = 40

/** All that is compared of a pair, in sections. */
export function sectionsOf(pair: PairComparison): DiffSection[] {
  return [
    { title: 'Agreed on', rows: factRows(pair.facts) },
    { title: 'Offered', rows: offeredRows(pair) },
    { title: 'Cost', rows: costRows(pair) },
  ].filter(({ rows }) => rows.length > 0)
}

const FACT_LABELS: Readonly<Record<keyof Facts, string>> = {
  outcome: 'outcome',
  keyExchange: 'key exchange',
  label: 'label',
  version: 'version',
  cipherSuite: 'cipher suite',
  helloRetryRequest: 'HelloRetryRequest',
  serverShare: "server's key share",
  encryptionBegins: 'encryption begins',
  fitsOneSegment: ' in one segment',
  fitsInitialWindow: ' in initial window',
}

const AGREED: readonly (keyof Facts)[] = [
  'outcome',
  'keyExchange',
  'label',
  'version',
  'cipherSuite',
  'helloRetryRequest',
  'serverShare',
  'encryptionBegins',
]

/** Of lists, as `git diff` has them. */
const CHANGE_TONES: Readonly<Record<Change, Tone>> = {
  same: 'faint',
  changed: 'neutral',
  added: 'safe',
  removed: 'weak',
  moved: 'neutral',
  unknown: 'faint',
}

function factRows(facts: Facts): DiffRow[] {
  return AGREED.filter((name) => name !== 'outcome' || isNotNegotiated(facts)).map((name) =>
    factRow(FACT_LABELS[name], facts[name]),
  )
}

function isNotNegotiated({ outcome }: Facts): boolean {
  return outcome.before !== 'negotiated' || outcome.after !== 'negotiated'
}

function factRow(label: string, { before, after, change }: FactDifference): DiffRow {
  const words = change === 'unknown' ? UNKNOWN : change
  const tone = change === 'same' || change === 'unknown' ? 'faint' : 'neutral'
  return { label, before: shown(before), after: shown(after), change: words, tone }
}

function shown(text: string | null): string {
  return text === null ? NONE : safeText(ENCRYPTION_WORDS[text] ?? text)
}

/** Where encryption begins, as people say it. */
const ENCRYPTION_WORDS: Readonly<Partial<Record<string, string>>> = {
  'after-server-hello': 'after ServerHello',
  'after-change-cipher-spec': 'after ChangeCipherSpec',
}

function offeredRows({ supportedVersions, supportedGroups, keyShares, secondKeyShares }: PairComparison): DiffRow[] {
  return [
    ...listRows('versions', supportedVersions, (name) => name),
    ...listRows('groups', supportedGroups, ({ name, kind }: Group) => (kind === 'grease' ? 'GREASE' : name)),
    ...listRows('key shares', keyShares, shareText),
    ...listRows('second key shares', secondKeyShares, shareText),
  ]
}

function listRows<Item>(label: string, lines: readonly ListLine<Item>[], text: (item: Item) => string): DiffRow[] {
  const rows = lines.slice(0, MAX_LINES).map(({ before, after, change }, i) => ({
    label: i === 0 ? label : '',
    before: before === null ? NONE : safeText(text(before)),
    after: after === null ? NONE : safeText(text(after)),
    change,
    tone: CHANGE_TONES[change],
  }))
  const more = lines.length - rows.length
  if (more <= 0) return rows
  const changed = lines.slice(MAX_LINES).filter(({ change }) => change !== 'same').length
  const change = `${counted(changed)} of ${counted(more)} not the same`
  return [...rows, { label: '', before: '...', after: '...', change, tone: changed > 0 ? 'neutral' : 'faint' }]
}

/** `X25519MLKEM768 1216 = ML-KEM-768 1184 + X25519 32` */
function shareText({ name, kind, bytes, expectedBytes, parts }: KeyShare): string {
  const text = `${kind === 'grease' ? 'GREASE' : name} ${bytes}`
  if (parts === undefined || parts.length < 2 || bytes !== expectedBytes) return text
  return `${text} = ${parts.map((part) => `${part.name} ${part.bytes}`).join(' + ')}`
}

/** `encrypted` is the client's first encrypted record, which ends the handshake. */
const SIZE_LABELS: Readonly<Record<SizeName, string>> = {
  clientHelloBytes: 'ClientHello bytes',
  secondClientHelloBytes: 'second ClientHello',
  serverHelloBytes: 'ServerHello bytes',
  certificateBytes: 'Certificate bytes',
  clientBytes: 'client TLS bytes',
  serverBytes: 'server TLS bytes',
  totalBytes: 'TLS bytes in all',
  clientHelloSegments: 'ClientHello segments',
  clientSegments: 'client segments',
  serverSegments: 'server segments',
  clientPackets: 'client packets',
  serverPackets: 'server packets',
  roundTrips: 'round trips',
  connectMilliseconds: 'TCP round trip, ms',
  synToServerHelloMilliseconds: 'SYN-ServerHello, ms',
  synToEncryptedMilliseconds: 'SYN-encrypted, ms',
  milliseconds: 'handshake, ms',
}

const COST: readonly (SizeName | 'fitsOneSegment' | 'fitsInitialWindow')[] = [
  'clientHelloBytes',
  'fitsOneSegment',
  'fitsInitialWindow',
  'secondClientHelloBytes',
  'serverHelloBytes',
  'certificateBytes',
  'clientBytes',
  'serverBytes',
  'totalBytes',
  'clientSegments',
  'serverSegments',
  'clientPackets',
  'serverPackets',
  'roundTrips',
  'connectMilliseconds',
  'synToServerHelloMilliseconds',
  'synToEncryptedMilliseconds',
  'milliseconds',
]

function costRows({ facts, sizes }: PairComparison): DiffRow[] {
  return COST.flatMap((name) => {
    if (name === 'fitsOneSegment' || name === 'fitsInitialWindow') return [factRow(FACT_LABELS[name], facts[name])]
    const size = sizes[name]
    const nothing = (version: string | null): string =>
      name === 'certificateBytes' && version?.startsWith('TLSv1.3') === true ? 'encrypted' : NONE
    if (size.before === null && size.after === null && name !== 'certificateBytes') return []
    const before = numberText(size.before) ?? nothing(facts.version.before)
    const after = numberText(size.after) ?? nothing(facts.version.after)
    if (before === NONE && after === NONE) return []
    const { change, tone } = name === 'secondClientHelloBytes' ? secondHelloChange(size) : sizeChange(size)
    // Of times a single pair says too little to be called better or worse.
    const isTime = name.endsWith('illiseconds') && tone !== 'faint'
    return [{ label: SIZE_LABELS[name], before, after, change, tone: isTime ? 'neutral' : tone }]
  })
}

function sizeChange(size: SizeDifference): { change: string; tone: Tone } {
  const { difference } = size
  if (difference === null) return { change: UNKNOWN, tone: 'faint' }
  if (difference === 0) return { change: 'same', tone: 'faint' }
  return { change: differenceText(size), tone: difference > 0 ? 'weak' : 'safe' }
}

/** It is there where a HelloRetryRequest asked for it. */
function secondHelloChange(size: SizeDifference): { change: string; tone: Tone } {
  if (size.difference !== null) return sizeChange(size)
  return size.before === null ? { change: 'added', tone: 'weak' } : { change: 'removed', tone: 'safe' }
}

/** `+1,184, x4.87` */
export function differenceText({ before, after, difference }: SizeDifference): string {
  if (before === null || after === null || difference === null) return NONE
  return before === 0 ? signed(difference) : `${signed(difference)}, x${factorText(after / before)}`
}

export function signed(value: number): string {
  if (value === 0) return '0'
  return `${value > 0 ? '+' : '-'}${numberText(Math.abs(value))}`
}

function factorText(factor: number): string {
  return factor >= 100 ? counted(Math.round(factor)) : factor.toFixed(factor >= 10 ? 1 : 2)
}

/** `1,530`, `3.351`; null for nothing. */
export function numberText(value: number): string
export function numberText(value: number | null): string | null
export function numberText(value: number | null): string | null {
  if (value === null) return null
  const [whole, fraction] = String(value).split('.') as [string, string?]
  return fraction === undefined ? counted(Number(whole)) : `${counted(Number(whole))}.${fraction}`
}

/** A label that stands a little in belongs to the ClientHello above it: this is how it stands alone. */
export function fullLabel(label: string): string {
  return label.startsWith(' ') ? `ClientHello${label}` : label
}

/** `file.pcap#3`, with `.1` for the second handshake of the stream. */
export function placeText({ capture, stream, handshake }: Place): string {
  return `${captureName(capture)}#${stream}${handshake === 0 ? '' : `.${handshake}`}`
}

export function endpointsText({ client, server }: Place): string {
  return `${endpointText(client)} -> ${endpointText(server)}`
}

export function nameText(serverName: string | null): string {
  return serverName === null ? 'no server name' : safeText(serverName)
}

const PAIRED_BY: Readonly<Record<PairComparison['pairedBy'], string>> = {
  selection: 'as asked for',
  'server-name': 'by server name',
  'server-endpoint': 'by server endpoint',
  order: 'by order',
}

export function pairedByText(by: PairComparison['pairedBy']): string {
  return PAIRED_BY[by]
}
