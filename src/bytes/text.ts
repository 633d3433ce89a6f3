const HEX = '0123456789abcdef'

/** `0x11ec` for 4588: lower case, at least `digits` digits. */
export function hex(value: number, digits = 4): string {
  return `0x${value.toString(16).padStart(digits, '0')}`
}

/** `1 byte`, `1216 bytes`. */
export function bytesText(count: number): string {
  return count === 1 ? '1 byte' : `${count} bytes`
}

/** The bytes as hexadecimal digits without separators. */
export function hexBytes(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = ''
  for (let i = start; i < end; i++)
    text += (HEX[(bytes[i] as number) >> 4] as string) + (HEX[(bytes[i] as number) & 15] as string)
  return text
}

/** `0` to `255`: two addresses a handshake are put together of them. */
const OCTETS = Array.from({ length: 256 }, (_, octet) => String(octet))
/** `0.` to `255.` */
const LEADING_OCTETS = OCTETS.map((octet) => `${octet}.`)

/** Dotted-decimal form of a 32-bit IPv4 address. */
export function ipv4Text(address: number): string {
  return (
    (LEADING_OCTETS[address >>> 24] as string) +
    LEADING_OCTETS[(address >>> 16) & 255] +
    LEADING_OCTETS[(address >>> 8) & 255] +
    OCTETS[address & 255]
  )
}

/**
 * RFC 5952 text of an IPv6 address given as four 32-bit words: lower case, no leading zeros, the first longest run of
 * two or more zero fields as `::`, and IPv4-mapped addresses (::ffff:0:0/96) with the IPv4 part dotted (§5).
 */
export function ipv6Text(a: number, b: number, c: number, d: number): string {
  if (a === 0 && b === 0 && c === 0xffff) return `::ffff:${ipv4Text(d)}`
  const fields = [a >>> 16, a & 0xffff, b >>> 16, b & 0xffff, c >>> 16, c & 0xffff, d >>> 16, d & 0xffff]
  let runStart = -1
  let runLength = 1
  for (let i = 0; i < 8; i++) {
    let length = 0
    while (i + length < 8 && fields[i + length] === 0) length++
    if (length > runLength) {
      runStart = i
      runLength = length
    }
    i += Math.max(length - 1, 0)
  }
  const text = (from: number, to: number): string =>
    fields
      .slice(from, to)
      .map((field) => field.toString(16))
      .join(':')
  return runStart < 0 ? text(0, 8) : `${text(0, runStart)}::${text(runStart + runLength, 8)}`
}

/** What nearly all text is. Making the tables of the classes below takes a millisecond. */
const PLAIN = /^[ -~]*$/

/**
 * Text with control characters, format characters (bidirectional marks, zero-width), line separators and what else is
 * not to be seen (Default_Ignorable_Code_Point: fillers, variation selectors) written as `\x1b` or `\u{202e}`, so that
 * nothing from a capture or a file name can steer a terminal, or look like something else.
 */
export function printable(text: string): string {
  if (PLAIN.test(text)) return text
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}\p{DI}]/gu, (char) => {
    const code = char.codePointAt(0) as number
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
  })
}

/** A byte order mark is kept: a name with one is another name. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** Text of bytes that should be ASCII, or else UTF-8; what is neither becomes U+FFFD. */
export function decodeText(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number
    if (byte >= 0x80) return utf8.decode(bytes.subarray(start, end))
    text += String.fromCharCode(byte)
  }
  return text
}
