import { createHash, getDiffieHellman } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { primeName } from '../../src/registry/dh-primes.js'
import { namedGroup } from '../../src/registry/groups.js'

const MODP = [
  ['modp1', 'modp768 (RFC 2409)'],
  ['modp2', 'modp1024 (RFC 2409)'],
  ['modp5', 'modp1536 (RFC 3526)'],
  ['modp14', 'modp2048 (RFC 3526)'],
  ['modp15', 'modp3072 (RFC 3526)'],
  ['modp16', 'modp4096 (RFC 3526)'],
  ['modp17', 'modp6144 (RFC 3526)'],
  ['modp18', 'modp8192 (RFC 3526)'],
] as const

/** Bits, offset in the formula of RFC 7919 Appendix A, SHA-256 of the prime that OpenSSL has, group. */
const FFDHE = [
  [2048, 560316n, '9cd3b7f336872f46c09428d1bbc19877a4d440512cda8d1c1cf0cd6e33698966', 0x0100],
  [3072, 2625351n, '0eaf67db3a839156d5013494a5318a772b5697d270d721f37f092efc69ea5a17', 0x0101],
  [4096, 5736041n, '4648414224ac881b3d0dc59b466f96d06a558278776807797ecf1f66ff397b3e', 0x0102],
  [6144, 15705020n, '227ac9066b3ddd9e193670cda2388fa884f65ba0cf98b742d1fe77a6687c79c7', 0x0103],
  [8192, 10965728n, '770b14efaf6f049929c523113b3fa99a8d11dab1b18af3609590122075d19833', 0x0104],
] as const

/** The primes that OpenSSL has for dh_rfc5114 1, 2 and 3, in base64. */
const DIGITS = [
  [
    'dh_1024_160 (RFC 5114)',
    'sQuPlqCA4B3ekt5erl1U7FLJn7z7BqPGmmqdylLSO2Fgc+KGdaI9GJg47x4u5lLAE+y0rqkGESMkl1w81JuDv6zL3X2QxL1w' +
      'mEiOnCGac3JO/9b65WRHOPqjGk/1W8zAoVGvXw3ItL1FvzffNlwaZeaM/adtTacI3x+yvC5KQ3E=',
  ],
  [
    'dh_2048_224 (RFC 5114)',
    'rRB+HpEjqdDWYPqnlVnFH6INZOVoO5/RtUsVl7YdCnXm+hQd+VpW26+aPEB7od8V6z1oijCcGA4d5rhaEnSgpm0/gVKtasIS' +
      'kDfJ7e/aTfjZHo/vVbc5S3rVt9C2wSIHyfmNEe002/bGugssi7wnvmoA4KC5xJcIs7+KMXCRiDaBKGEwvImF2xYC5xRBXZMw' +
      'J4Jzx94x79xzEPcSH9WgdBWYfZrcCkhtzfk6zEQyg4cxXXXhmMZBpIDNhqG55YfovmDmnMkosrnFIXLkEwQumyPxCw4W55dj' +
      'ybU9z0uoCinj+3PBa451uX7zY+L/ox9xz53lOE5xuBwKxN/+DBDmTw==',
  ],
  [
    'dh_2048_256 (RFC 5114)',
    'h6jmHbS2Zjz/u9GcZRlZmYzu9ghmDdDyXSzu1ENeOwDgDfjx1hlX1Pr330VhsqowFsPZETQJb6o79Cltgw6afCCeDGSXUXq9' +
      'WoqdMGvPZ+2R+eZyW0dYwCLgse9Cdb97bFv8EdRfkIi5QfVOseWbuLw5oL8SMH9cT9twxYGyP3a2Osrhyqa3kC1SUmc1SIoO' +
      '8TxtmlG/pKs62DR3llJNjvahZ7WkGCXZZ+FE5RQFZCUcysuD5rSG9rPKP3lxUGAmwLhX9omWKFbe1AEKvQvmIcOjlgpU5xDD' +
      'dfJjddcBQQOktUMwwZivEmEW0iduEXFfaTh3+tfvCcrbCUrpHhoVlw==',
  ],
] as const

describe('primeName', () => {
  it.each(MODP)('knows the prime of %s as %s', (group, name) => {
    const prime = getDiffieHellman(group).getPrime()
    expect(primeName(prime, 0, prime.length)).toEqual({ name, group: null })
  })

  it.each(FFDHE)('knows the prime of ffdhe%i', (bits, offset, digest, group) => {
    const prime = ffdhePrime(BigInt(bits), offset)
    expect(createHash('sha256').update(prime).digest('hex')).toBe(digest)
    expect(primeName(prime, 0, prime.length)).toEqual({ name: `ffdhe${bits} (RFC 7919)`, group })
    expect(namedGroup(group).name).toBe(`ffdhe${bits}`)
  })

  it.each(DIGITS)('knows the prime of %s', (name, base64) => {
    const prime = Buffer.from(base64, 'base64')
    expect(primeName(prime, 0, prime.length)).toEqual({ name, group: null })
  })

  it('passes over leading zeros and reads no byte outside start and end', () => {
    const prime = getDiffieHellman('modp14').getPrime()
    const bytes = Uint8Array.from([7, 0, 0, ...prime, 7])
    expect(primeName(bytes, 1, bytes.length - 1)?.name).toBe('modp2048 (RFC 3526)')
    expect(primeName(bytes, 1, bytes.length)).toBeNull()
    expect(primeName(bytes, 1, bytes.length - 2)).toBeNull()
  })

  it('knows no number that differs in one bit, and none that is empty or zero', () => {
    const prime = Uint8Array.from(getDiffieHellman('modp14').getPrime())
    for (const at of [0, 100, prime.length - 1]) {
      const other = prime.slice()
      other[at] = (other[at] as number) ^ 1
      expect(primeName(other, 0, other.length)).toBeNull()
    }
    expect(primeName(new Uint8Array(0), 0, 0)).toBeNull()
    expect(primeName(new Uint8Array(256), 0, 256)).toBeNull()
    expect(primeName(new Uint8Array(65535).fill(255), 0, 65535)).toBeNull()
  })
})

/** RFC 7919 Appendix A, with e as a fraction: the sum of 1 / k! to k = 1200. */
function ffdhePrime(bits: bigint, offset: bigint): Buffer {
  let numerator = 1n
  let denominator = 1n
  for (let k = 1n; k <= 1200n; k++) {
    numerator = numerator * k + 1n
    denominator *= k
  }
  const digits = (numerator << (bits - 130n)) / denominator
  const prime = (1n << bits) - (1n << (bits - 64n)) + ((digits + offset) << 64n) - 1n
  return Buffer.from(prime.toString(16), 'hex')
}
