import { cutPieces } from '../../bytes/pieces.js'
import { bytesText, hex } from '../../bytes/text.js'
import type { DissectedMessage } from '../../dissect/dissect.js'
import type { ShownConnection } from '../../dissect/shown.js'
import type { FieldNode } from '../../dissect/tree.js'
import { sharePartWords } from '../../registry/share-parts.js'
import type { CaptureRecord, Group, HandshakeRecord, Hello, KeyShare } from '../../verdict/record.js'
import { kindTone } from '../groups-words.js'
import { fieldsNamed, firstField } from './find.js'
import { type Page, type Span, span } from './lines.js'
import { groupText, kindWords } from './values.js'
import { tellWhere } from './where.js'

/** Groups listed here; the message below has all of them. */
const MOST_GROUPS = 40

/**
 * supported_groups and key_share set apart: which groups are post-quantum, which classical, which was chosen; and the
 * keys that were exchanged, in their parts.
 */
export function tellKeyExchange(
  page: Page,
  record: HandshakeRecord,
  connection: ShownConnection,
  capture: CaptureRecord,
): void {
  page.heading('Key exchange')
  const hello = record.clientHello ?? record.secondClientHello
  if (hello === null) page.flow([span(notOffered(connection), 'faint')], 0, 0)
  else tellGroups(page, record, hello)
  page.blank()
  for (const share of sharesOf(record, connection)) tellShare(page, share, record, capture)
  if (record.serverKeyExchange !== null || record.serverHello?.keyShare === null)
    tellOlderKeys(page, record, connection, capture)
}

function notOffered({ messages }: ShownConnection): string {
  const isCut = messages.some(({ name, complete }) => name === 'ClientHello' && !complete)
  if (isCut) return 'The ClientHello is not in the capture as a whole: what there is of it is shown below.'
  return 'What the client offered is not in the capture.'
}

function tellGroups(page: Page, record: HandshakeRecord, hello: Hello): void {
  const { supportedGroups } = hello
  if (supportedGroups.length === 0) {
    page.flow([span('The client lists no groups (no supported_groups extension).', 'faint')])
    return
  }
  page.flow([span(`supported_groups of the client, in its order (frame ${hello.frame}):`, 'faint')])
  const shown = supportedGroups.slice(0, MOST_GROUPS)
  const names = shown.map((group) => group.name.replace(/ \(0x[0-9a-f]+\)$/, ''))
  const nameWidth = Math.max(...names.map((name) => name.length))
  const kindWidth = Math.max(...shown.map((group) => kindWords(group).length))
  shown.forEach((group, i) => {
    const share = hello.keyShares.find((each) => each.id === group.id)
    page.flow(
      [
        span(`${(names[i] as string).padEnd(nameWidth)}  `, isSelected(record, group) ? 'strong' : 'plain'),
        span(`${hex(group.id)}  ${String(group.id).padStart(5)}  `, 'faint'),
        span(`${kindWords(group).padEnd(kindWidth)}  `, kindTone(group)),
        span(
          share === undefined ? 'no key share' : `key share of ${bytesText(share.bytes)}`,
          share === undefined ? 'faint' : 'plain',
        ),
        ...chosenSpans(record, group),
      ],
      2,
      4,
    )
  })
  if (supportedGroups.length > MOST_GROUPS)
    page.flow([span(`${supportedGroups.length - MOST_GROUPS} more: see the message`, 'faint')], 2)
}

function isSelected({ negotiated }: HandshakeRecord, { id }: Group): boolean {
  return negotiated?.group?.id === id
}

/** TLS 1.2 and older may select the group of a key share, and never the share. */
function isAnswered({ serverHello }: HandshakeRecord, { id }: Group): boolean {
  return serverHello?.keyShare?.id === id
}

function chosenSpans(record: HandshakeRecord, group: Group): Span[] {
  const spans: Span[] = []
  if (record.helloRetryRequest?.group?.id === group.id) spans.push(span(', asked for by HelloRetryRequest', 'weak'))
  if (isSelected(record, group)) spans.push(span(', '), span('selected', 'strong'))
  return spans
}

interface ShownShare {
  readonly from: 'client' | 'server'
  readonly share: KeyShare
  readonly message: DissectedMessage
  /** The field that holds the key. */
  readonly node: FieldNode | null
}

const KEY = 'tls.handshake.extensions_key_share_key_exchange'

/** The key shares of the hellos in the capture, in wire order. */
function sharesOf(record: HandshakeRecord, { messages }: ShownConnection): ShownShare[] {
  const shares: ShownShare[] = []
  for (const hello of [record.clientHello, record.secondClientHello]) {
    const message = messages.find((each) => each.name === 'ClientHello' && each.frame === hello?.frame)
    if (hello === null || message === undefined) continue
    const nodes = fieldsNamed(message, KEY)
    // A share of no bytes has no field for them.
    let i = 0
    for (const share of hello.keyShares)
      shares.push({ from: 'client', share, message, node: share.bytes === 0 ? null : (nodes[i++] ?? null) })
  }
  const answer = messages.find((each) => each.name === 'ServerHello')
  const share = record.serverHello?.keyShare ?? null
  if (share !== null && answer !== undefined)
    shares.push({ from: 'server', share, message: answer, node: fieldsNamed(answer, KEY)[0] ?? null })
  return shares
}

function tellShare(page: Page, shown: ShownShare, record: HandshakeRecord, capture: CaptureRecord): void {
  const { from, share, message, node } = shown
  page.flow(
    [
      span(`${from}  `, 'faint'),
      span(shareSentence(share, from), isAnswered(record, share) ? 'strong' : 'plain'),
      span('  '),
      span(kindWords(share), kindTone(share)),
      ...(from === 'client' && isAnswered(record, share) ? [span('  selected', 'strong')] : []),
    ],
    0,
    8,
  )
  if (share.kind === 'grease') return
  const filter = `frame.number == ${message.frame} && tls.handshake.extensions_key_share_group == ${share.id}`
  tellWhere(page, filter, node === null ? [] : cutPieces(message.pieces, node.start, node.length), capture, 2)
}

/**
 * `X25519MLKEM768 (0x11ec, 4588), 1216 bytes = ML-KEM-768 encapsulation key 1184 + X25519 public key 32`, in wire order,
 * for every group whose components are known.
 */
export function shareSentence(share: KeyShare, side: 'client' | 'server'): string {
  const { bytes, expectedBytes, parts } = share
  const sentence = `${groupText(share)}, ${bytesText(bytes)}`
  if (expectedBytes !== undefined && expectedBytes !== bytes)
    return `${sentence}, not the ${expectedBytes} of this group`
  if (parts === undefined || parts.length === 0) return sentence
  return `${sentence} = ${parts.map((part) => `${sharePartWords(part.name, side)} ${part.bytes}`).join(' + ')}`
}

/** TLS 1.2 and older: the public values of ServerKeyExchange and ClientKeyExchange. */
function tellOlderKeys(
  page: Page,
  record: HandshakeRecord,
  { messages }: ShownConnection,
  capture: CaptureRecord,
): void {
  const { negotiated, serverKeyExchange } = record
  const exchange = negotiated?.keyExchange ?? 'key exchange'
  const group = serverKeyExchange?.group ?? null
  const prime = serverKeyExchange?.primeBits == null ? '' : `, a prime of ${serverKeyExchange.primeBits} bits`
  const primeName = serverKeyExchange?.primeName == null ? '' : `, ${serverKeyExchange.primeName}`
  const named = group === null ? `${exchange}${primeName}${prime}` : groupText(group)
  const server = firstField(messages, 'ServerKeyExchange', ['tls.handshake.server_point', 'tls.handshake.ys'])
  const client = firstField(messages, 'ClientKeyExchange', ['tls.handshake.client_point', 'tls.handshake.yc'])
  const encrypted = firstField(messages, 'ClientKeyExchange', ['tls.handshake.epms'])
  const keys = [
    { from: 'server', found: server, what: 'public key' },
    { from: 'client', found: client, what: 'public key' },
    { from: 'client', found: encrypted, what: "pre-master secret encrypted to the server's certificate" },
  ]
  for (const { from, found, what } of keys) {
    if (found === null) continue
    const { message, node } = found
    const mark = group === null ? [] : [span('  '), span(kindWords(group), kindTone(group))]
    if (group === null && record.verdict.label === 'classical') mark.push(span('  '), span('classical', 'weak'))
    page.flow(
      [span(`${from}  `, 'faint'), span(`${named}, ${what}, ${bytesText(node.length)}`, 'strong'), ...mark],
      0,
      8,
    )
    // Wireshark knows no field of the key exchanges with a pre-shared key.
    const hasField = !/_PSK_/.test(negotiated?.cipherSuite.name ?? '')
    const filter = hasField ? `${message.filter} && ${node.field}` : message.filter
    tellWhere(page, filter, cutPieces(message.pieces, node.start, node.length), capture, 2)
  }
}
