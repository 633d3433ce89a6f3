/** A GREASE value of RFC 8701 §2 among groups, suites, extensions, versions and signature schemes: 0x0a0a to 0xfafa. */
export function isGrease(id: number): boolean {
  return (id & 0x0f0f) === 0x0a0a && id >>> 8 === (id & 0xff)
}

/** A GREASE value of RFC 8701 §2 among PskKeyExchangeModes: 0x0b, 0x2a and so on in steps of 31 up to 0xe4. */
export function isGreasePskMode(mode: number): boolean {
  return mode % 31 === 0x0b
}
