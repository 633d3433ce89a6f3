import { type NameRow, nameWithoutRow } from './code-point.js'

export const SSL_3 = 0x0300
export const TLS_1_2 = 0x0303
export const TLS_1_3 = 0x0304

/** Protocol versions from the oldest, spelled as OpenSSL does. */
const VERSION_ROWS: readonly NameRow[] = [
  [0x0002, 'SSLv2'],
  [SSL_3, 'SSLv3'],
  [0x0301, 'TLSv1'],
  [0x0302, 'TLSv1.1'],
  [TLS_1_2, 'TLSv1.2'],
  [TLS_1_3, 'TLSv1.3'],
]

/** Their names, from the oldest. */
export const VERSION_NAMES: readonly string[] = VERSION_ROWS.map(([, name]) => name)

/** The drafts of TLS 1.3 as two implementations of their own numbered them: drafts 23 and 26. */
const PRIVATE_TLS13_DRAFTS: readonly number[] = [0xfb17, 0xfb1a]

/** Names by code point; grows to 65536 at most. */
const names = new Map<number, string>(VERSION_ROWS)

/** `TLSv1.3`, `TLSv1.3-draft23` (RFC 8446 drafts, 0x7f17), `GREASE (0x2a2a)`, or `unknown (0x7e02)`. */
export function versionName(code: number): string {
  let name = names.get(code)
  if (name === undefined) {
    name = code >>> 8 === 0x7f ? `TLSv1.3-draft${code & 0xff}` : nameWithoutRow(code)
    names.set(code, name)
  }
  return name
}

/** TLCP 1.1 (GB/T 38636-2020), a TLS 1.1 with cipher suites of its own. */
const TLCP = 0x0101

/** SSL, TLS up to 1.2, and TLCP: what is neither these nor TLS 1.3 is a version of which nothing is known here. */
export function isTls12OrOlder(code: number): boolean {
  return code === TLCP || VERSION_ROWS.some(([known]) => known === code && known <= TLS_1_2)
}

/** TLS 1.3 and its drafts, which share its key exchange. */
export function isTls13(code: number): boolean {
  return code === TLS_1_3 || code >>> 8 === 0x7f || PRIVATE_TLS13_DRAFTS.includes(code)
}

/** The drafts of TLS 1.3 whose ServerHello has neither session id nor compression method. */
export function isDraftBefore22(code: number): boolean {
  return code >= 0x7f00 && code < 0x7f16
}

/** Drafts before 22 have a HelloRetryRequest with a type of its own; it names a cipher suite in these. */
export function isDraftFrom19(code: number): boolean {
  return code >= 0x7f13
}
