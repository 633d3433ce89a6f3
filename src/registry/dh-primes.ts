/** A prime of finite-field Diffie-Hellman that a specification names. */
export interface NamedPrime {
  /** `ffdhe2048 (RFC 7919)`, `modp2048 (RFC 3526)`, `dh_2048_256 (RFC 5114)`. */
  readonly name: string
  /** The named group that has this prime (RFC 7919), or null. */
  readonly group: number | null
}

/**
 * The name of the prime in big-endian bytes from start to end, leading zeros allowed; null where it is none that a
 * specification names. The primes of a length are worked out at the first look-up of that length and kept; 8192 bits
 * take less than 10 ms.
 */
export function primeName(bytes: Uint8Array, start: number, end: number): NamedPrime | null {
  let first = start
  while (first < end && bytes[first] === 0) first++
  const prime = primesOfLength(end - first).find((known) => sameBytes(known.bytes, bytes, first))
  return prime === undefined ? null : prime.named
}

/** The prime of a named group of RFC 7919 in big-endian bytes, or null. To be read only; made and kept as above. */
export function primeOfGroup(group: number): Uint8Array | null {
  const row = FORMULA_ROWS.find(([, , , , named]) => named === group)
  if (row === undefined) return null
  return primesOfLength(row[0] / 8).find(({ named }) => named.group === group)?.bytes ?? null
}

interface KnownPrime {
  readonly named: NamedPrime
  readonly bytes: Uint8Array
}

/**
 * Primes of n bits by their formula, 2^n - 2^(n-64) - 1 + 2^64 * (floor(2^(n-130) * c) + offset): c is pi in RFC 2409
 * §6 and RFC 3526, and e in RFC 7919 Appendix A. Computed, not copied: a digit cannot be wrong.
 */
const FORMULA_ROWS: readonly (readonly [
  bits: number,
  name: string,
  constant: 'e' | 'pi',
  offset: number,
  group: number | null,
])[] = [
  [768, 'modp768 (RFC 2409)', 'pi', 149686, null],
  [1024, 'modp1024 (RFC 2409)', 'pi', 129093, null],
  [1536, 'modp1536 (RFC 3526)', 'pi', 741804, null],
  [2048, 'ffdhe2048 (RFC 7919)', 'e', 560316, 0x0100],
  [2048, 'modp2048 (RFC 3526)', 'pi', 124476, null],
  [3072, 'ffdhe3072 (RFC 7919)', 'e', 2625351, 0x0101],
  [3072, 'modp3072 (RFC 3526)', 'pi', 1690314, null],
  [4096, 'ffdhe4096 (RFC 7919)', 'e', 5736041, 0x0102],
  [4096, 'modp4096 (RFC 3526)', 'pi', 240904, null],
  [6144, 'ffdhe6144 (RFC 7919)', 'e', 15705020, 0x0103],
  [6144, 'modp6144 (RFC 3526)', 'pi', 929484, null],
  [8192, 'ffdhe8192 (RFC 7919)', 'e', 10965728, 0x0104],
  [8192, 'modp8192 (RFC 3526)', 'pi', 4743158, null],
]

/** Primes of RFC 5114 §2, which have no formula. */
const DIGIT_ROWS: readonly (readonly [name: string, hex: string])[] = [
  [
    'dh_1024_160 (RFC 5114)',
    'b10b8f96a080e01dde92de5eae5d54ec52c99fbcfb06a3c69a6a9dca52d23b616073e28675a23d189838ef1e2ee652c0' +
      '13ecb4aea906112324975c3cd49b83bfaccbdd7d90c4bd7098488e9c219a73724effd6fae5644738faa31a4ff55bccc0' +
      'a151af5f0dc8b4bd45bf37df365c1a65e68cfda76d4da708df1fb2bc2e4a4371',
  ],
  [
    'dh_2048_224 (RFC 5114)',
    'ad107e1e9123a9d0d660faa79559c51fa20d64e5683b9fd1b54b1597b61d0a75e6fa141df95a56dbaf9a3c407ba1df15' +
      'eb3d688a309c180e1de6b85a1274a0a66d3f8152ad6ac2129037c9edefda4df8d91e8fef55b7394b7ad5b7d0b6c12207' +
      'c9f98d11ed34dbf6c6ba0b2c8bbc27be6a00e0a0b9c49708b3bf8a317091883681286130bc8985db1602e714415d9330' +
      '278273c7de31efdc7310f7121fd5a07415987d9adc0a486dcdf93acc44328387315d75e198c641a480cd86a1b9e587e8' +
      'be60e69cc928b2b9c52172e413042e9b23f10b0e16e79763c9b53dcf4ba80a29e3fb73c16b8e75b97ef363e2ffa31f71' +
      'cf9de5384e71b81c0ac4dffe0c10e64f',
  ],
  [
    'dh_2048_256 (RFC 5114)',
    '87a8e61db4b6663cffbbd19c651959998ceef608660dd0f25d2ceed4435e3b00e00df8f1d61957d4faf7df4561b2aa30' +
      '16c3d91134096faa3bf4296d830e9a7c209e0c6497517abd5a8a9d306bcf67ed91f9e6725b4758c022e0b1ef4275bf7b' +
      '6c5bfc11d45f9088b941f54eb1e59bb8bc39a0bf12307f5c4fdb70c581b23f76b63acae1caa6b7902d52526735488a0e' +
      'f13c6d9a51bfa4ab3ad8347796524d8ef6a167b5a41825d967e144e5140564251ccacb83e6b486f6b3ca3f7971506026' +
      'c0b857f689962856ded4010abd0be621c3a3960a54e710c375f26375d7014103a4b54330c198af126116d2276e11715f' +
      '693877fad7ef09cadb094ae91e1a1597',
  ],
]

/** By length in bytes, of lengths that have a named prime: eight at most. */
const primesByLength = new Map<number, readonly KnownPrime[]>()

function primesOfLength(length: number): readonly KnownPrime[] {
  let primes = primesByLength.get(length)
  if (primes === undefined) {
    const formulas = FORMULA_ROWS.filter(([bits]) => bits === length * 8)
    const digits = DIGIT_ROWS.filter(([, hex]) => hex.length === length * 2)
    primes = [
      ...formulas.map(([bits, name, constant, offset, group]) =>
        knownPrime(name, group, formulaPrime(BigInt(bits), constant, BigInt(offset)).toString(16)),
      ),
      ...digits.map(([name, hex]) => knownPrime(name, null, hex)),
    ]
    if (primes.length > 0) primesByLength.set(length, primes)
  }
  return primes
}

function knownPrime(name: string, group: number | null, hex: string): KnownPrime {
  const bytes = Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16))
  return { named: Object.freeze({ name, group }), bytes }
}

function sameBytes(known: Uint8Array, bytes: Uint8Array, start: number): boolean {
  return known.every((byte, i) => byte === bytes[start + i])
}

function formulaPrime(bits: bigint, constant: 'e' | 'pi', offset: bigint): bigint {
  const digits = constant === 'e' ? eTimesPowerOf2(bits - 130n) : piTimesPowerOf2(bits - 130n)
  return (1n << bits) - (1n << (bits - 64n)) - 1n + ((digits + offset) << 64n)
}

/** Bits computed beyond those asked for: each of at most 4096 terms of a series is off by less than one of the last. */
const GUARD_BITS = 64n

/** floor(2^bits * pi), by Machin's formula: pi = 16 arctan(1/5) - 4 arctan(1/239). */
function piTimesPowerOf2(bits: bigint): bigint {
  const one = 1n << (bits + GUARD_BITS)
  return (16n * arctanOfInverse(5n, one) - 4n * arctanOfInverse(239n, one)) >> GUARD_BITS
}

/** one * arctan(1/x), by its power series. */
function arctanOfInverse(x: bigint, one: bigint): bigint {
  const square = x * x
  let power = one / x
  let sum = power
  for (let divisor = 3n; power !== 0n; divisor += 2n) {
    power /= -square
    sum += power / divisor
  }
  return sum
}

/** floor(2^bits * e), as the sum of 1 / k!. */
function eTimesPowerOf2(bits: bigint): bigint {
  let term = 1n << (bits + GUARD_BITS)
  let sum = term
  for (let k = 1n; term > 0n; k++) {
    term /= k
    sum += term
  }
  return sum >> GUARD_BITS
}
