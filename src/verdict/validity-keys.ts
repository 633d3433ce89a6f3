import { hex } from '../bytes/text.js'
import { MAX_CHECKED_SHARES } from '../key-share/check.js'
import type { Flaw, FlawCode } from '../key-share/flaw.js'
import { namedGroup } from '../registry/groups.js'
import type { ClientHello } from '../tls/handshake.js'
import type { Note, NoteSeverity } from './record.js'

/** `section` of TLS 1.3, and of older versions where that is another. */
interface FlawRow {
  readonly severity: NoteSeverity
  readonly section: string
  readonly olderSection?: string
  /** The end of a sentence that begins with the share. */
  readonly sentence: (flaw: Flaw) => string
}

const FLAWS: Readonly<Record<FlawCode, FlawRow>> = {
  'encapsulation-key-modulus': {
    severity: 'error',
    section: 'FIPS 203 §7.2',
    sentence: ({ part, count, index, value }) =>
      `: in the ${part} encapsulation key ${count} of ${coefficientsOf(part)} coefficients ${count === 1 ? 'is' : 'are'} not below 3329, ` +
      `${count === 1 ? 'number' : 'the first of them number'} ${index}, which is ${value}`,
  },
  'key-share-parts-swapped': {
    severity: 'error',
    section: 'RFC 9846 §4.3.8',
    sentence: ({ part }) => ` has its parts in the other order, where the group demands ${part}`,
  },
  'low-order-point': {
    severity: 'error',
    section: 'RFC 7748 §6.1',
    sentence: ({ part }) => `: the ${part} point is of low order, and makes every ${part} shared secret zero`,
  },
  'non-canonical-point': {
    severity: 'info',
    section: 'RFC 7748 §5',
    sentence: ({ part }) => `: the ${part} point is not below the prime of its field, which is allowed and unusual`,
  },
  'compressed-point': {
    severity: 'error',
    section: 'RFC 9846 §4.3.8.2',
    olderSection: 'RFC 8422 §5.1.2',
    sentence: ({ part, value }) =>
      `: the ${part} point is compressed, as it begins with ${hex(value, 2)}, not with 0x04`,
  },
  'point-format': {
    severity: 'error',
    section: 'RFC 9846 §4.3.8.2',
    olderSection: 'RFC 8422 §5.4.1',
    sentence: ({ part, value }) => `: the ${part} point begins with ${hex(value, 2)}, not with 0x04`,
  },
  'point-out-of-range': {
    severity: 'error',
    section: 'RFC 9846 §4.3.8.2',
    olderSection: 'RFC 8422 §5.11',
    sentence: ({ part, index }) =>
      `: ${index === 0 ? 'X' : 'Y'} of the ${part} point is not below the prime of its field`,
  },
  'point-not-on-curve': {
    severity: 'error',
    section: 'RFC 9846 §4.3.8.2',
    olderSection: 'RFC 8422 §5.11',
    sentence: ({ part }) => `: the ${part} point is not on the curve`,
  },
  'public-value-out-of-range': {
    severity: 'error',
    section: 'RFC 9846 §4.3.8.1',
    olderSection: 'RFC 7919 §5.1',
    sentence: ({ value }) => `: Y is ${['0', '1', 'p-1', 'p or more'][value]}, where 1 < Y < p-1 must hold`,
  },
  'repeated-bytes': {
    severity: 'error',
    section: 'RFC 9846 §C.1',
    sentence: ({ part, value, count }) =>
      `: its ${part} part is ${count > 1 ? `the same ${count} bytes` : value === 0 ? 'all zeros' : `the byte ${hex(value, 2)}`}` +
      `${count > 1 || value !== 0 ? ' over and over' : ''}`,
  },
}

/** 256 for each of the k polynomials of a key, and so the number in its name. */
function coefficientsOf(part: string): string {
  return /512|768|1024/.exec(part)?.[0] ?? ''
}

/** A note for each flaw; `subject` goes before the group's name. */
export function noteFlaws(
  flaws: readonly Flaw[],
  subject: string,
  isTls13: boolean,
  frame: number,
  notes: Note[],
): void {
  for (const flaw of flaws) {
    const { severity, section, olderSection = section, sentence } = FLAWS[flaw.code]
    const name = flaw.group === null ? 'Diffie-Hellman' : namedGroup(flaw.group).name
    notes.push({
      code: flaw.code,
      message: `${subject} ${name}${sentence(flaw)}`,
      frame,
      severity: isRequired(flaw, isTls13) ? severity : 'warning',
      section: sectionOf(flaw, isTls13 ? section : olderSection),
    })
  }
}

/** Kyber asked for no check of the modulus, and TLS 1.2 once let peers agree on compressed points. */
function isRequired({ code, part }: Flaw, isTls13: boolean): boolean {
  if (code === 'encapsulation-key-modulus') return !/^kyber/i.test(part)
  return code !== 'compressed-point' || isTls13
}

function sectionOf({ code, part }: Flaw, section: string): string {
  return code === 'low-order-point' && part === 'X448' ? 'RFC 7748 §6.2' : section
}

export function noteUnchecked({ keyShares, frame }: ClientHello, notes: Note[]): void {
  if (keyShares.length <= MAX_CHECKED_SHARES) return
  notes.push({
    code: 'key-shares-unchecked',
    message: `the ClientHello holds ${keyShares.length} key shares: the bytes of the first ${MAX_CHECKED_SHARES} were checked`,
    frame,
    severity: 'info',
    section: 'RFC 9846 §4.3.8',
  })
}
