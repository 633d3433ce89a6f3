/** Concatenates byte arrays and lists of byte values. */
export function join(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** The low `size` bytes of a number, most significant first. */
export function big(value: number | bigint, size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  for (let i = size - 1, rest = BigInt(value); i >= 0; i--, rest >>= 8n) bytes[i] = Number(rest & 255n)
  return bytes
}

/** The low `size` bytes of a number, least significant first. */
export function little(value: number | bigint, size: number): Uint8Array {
  return big(value, size).reverse()
}

/** Bytes 0, 1, 2 ... 250, 0 ...: a payload in which every shifted or missing byte shows. */
export function counting(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => i % 251)
}
