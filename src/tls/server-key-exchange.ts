import { Cursor } from '../bytes/cursor.js'
import { keyShareFlaws, NO_FLAWS } from '../key-share/check.js'
import { publicValueFlaws } from '../key-share/public-value.js'
import type { KeyExchangeWord } from '../registry/cipher-suites.js'
import { primeName } from '../registry/dh-primes.js'
import type { MessagePlace, ServerKeyExchange } from './handshake.js'
import { problemOf } from './message-problem.js'

/** ECCurveType (RFC 8422 §5.4). */
const NAMED_CURVE = 3

const cursor = new Cursor()

/**
 * Reads the parameters of a ServerKeyExchange of TLS 1.2 and older; which ones they are, only the cipher suite tells.
 * The signature behind them is passed over.
 */
export function readServerKeyExchange(
  exchange: KeyExchangeWord | null,
  bytes: Uint8Array,
  start: number,
  end: number,
  place: MessagePlace,
): ServerKeyExchange {
  cursor.reset(bytes, start, end)
  const parameters = readParameters(exchange, cursor)
  cursor.skip(cursor.remaining())
  const { frame, bytes: length, segments, records } = place
  return { frame, bytes: length, segments, records, ...parameters, problem: problemOf(cursor) }
}

type Parameters = Pick<ServerKeyExchange, 'kind' | 'group' | 'publicBytes' | 'primeBits' | 'primeName' | 'flaws'>

function readParameters(exchange: KeyExchangeWord | null, cursor: Cursor): Parameters {
  switch (exchange) {
    case 'ECDHE_PSK': // RFC 5489 §2: a hint comes first
      cursor.skip(cursor.u16())
      return readEcdhe(cursor)
    case 'DHE_PSK': // RFC 4279 §3
      cursor.skip(cursor.u16())
      return readDhe(cursor)
    case 'ECDHE':
    case 'ECDH_anon':
    case 'ECDHE_BIKE':
    case 'ECDHE_SIKE':
    case 'ECDHE_KYBER':
      return readEcdhe(cursor)
    case 'DHE':
    case 'DH_anon':
      return readDhe(cursor)
    default:
      return { kind: 'other', ...NOTHING }
  }
}

/** What is known of parameters that cannot be read. */
const NOTHING = { group: null, publicBytes: null, primeBits: null, primeName: null, flaws: NO_FLAWS } as const

/** struct ServerECDHParams (RFC 8422 §5.4). An explicit curve has no code point, and its length is not read. */
function readEcdhe(cursor: Cursor): Parameters {
  const curveType = cursor.u8()
  if (curveType !== NAMED_CURVE) return { kind: 'ecdhe', ...NOTHING }
  const group = cursor.u16()
  const publicBytes = cursor.u8()
  const at = cursor.skip(publicBytes)
  if (cursor.failed) return { kind: 'ecdhe', ...NOTHING }
  const flaws = keyShareFlaws(group, cursor.bytes, at, at + publicBytes, 'server')
  return { kind: 'ecdhe', group, publicBytes, primeBits: null, primeName: null, flaws }
}

/** struct ServerDHParams (RFC 5246 §7.4.3): dh_p, dh_g, dh_Ys. */
function readDhe(cursor: Cursor): Parameters {
  const primeLength = cursor.u16()
  const primeAt = cursor.skip(primeLength)
  cursor.skip(cursor.u16())
  const publicBytes = cursor.u16()
  const publicAt = cursor.skip(publicBytes)
  if (primeAt < 0 || cursor.failed) return { kind: 'dhe', ...NOTHING }
  const named = primeName(cursor.bytes, primeAt, primeAt + primeLength)
  return {
    kind: 'dhe',
    group: named?.group ?? null,
    publicBytes,
    primeBits: bitLength(cursor.bytes, primeAt, primeAt + primeLength),
    primeName: named?.name ?? null,
    flaws: publicValueFlaws(
      named?.group ?? null,
      cursor.bytes,
      publicAt,
      publicAt + publicBytes,
      primeAt,
      primeAt + primeLength,
    ),
  }
}

/** Bits of a big-endian number, leading zeros not counted. */
function bitLength(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && bytes[at] === 0) at++
  return at === end ? 0 : (end - at) * 8 - (Math.clz32(bytes[at] as number) - 24)
}
