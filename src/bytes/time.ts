/** How an interface counts time: a fraction is in 1 / `unitsPerSecond` of a second. */
export interface Clock {
  readonly unitsPerSecond: number
  /** Decimal digits of a second that the capture holds: 6 for microseconds, 9 for nanoseconds. */
  readonly digits: number
}

export const MICROSECONDS: Clock = { unitsPerSecond: 1_000_000, digits: 6 }
export const NANOSECONDS: Clock = { unitsPerSecond: 1_000_000_000, digits: 9 }

/** A moment in a capture: seconds since 1970-01-01 UTC, and the rest in the clock's units. */
export interface Moment {
  readonly seconds: number
  readonly fraction: number
  readonly clock: Clock
}

/**
 * The years 0000 to 9999 are those that RFC 3339 can write: other times are the sign of a damaged capture and are shown
 * as the first or last of these.
 */
const FIRST_SECOND = -62_167_219_200
const LAST_SECOND = 253_402_300_799

/** The date and time of the last second asked for: handshakes come many to a second. */
let shownSecond = Number.NaN
let shownText = ''

/** The whole seconds of a moment. A damaged record can hold a million microseconds or more: they carry over. */
export function wholeSeconds({ seconds, fraction, clock }: Moment): number {
  return seconds + Math.floor(fraction / clock.unitsPerSecond)
}

/** RFC 3339 in UTC with every digit that the clock holds. */
export function timeText(moment: Moment): string {
  const { fraction, clock } = moment
  const second = Math.min(Math.max(wholeSeconds(moment), FIRST_SECOND), LAST_SECOND)
  if (second !== shownSecond) {
    shownSecond = second
    shownText = new Date(second * 1000).toISOString().slice(0, -5)
  }
  if (clock.digits === 0) return `${shownText}Z`
  return `${shownText}.${fractionDigits(fraction % clock.unitsPerSecond, clock)}Z`
}

function fractionDigits(fraction: number, clock: Clock): string {
  const decimal = clock === MICROSECONDS ? MICROSECONDS.unitsPerSecond : 10 ** clock.digits
  const value = clock.unitsPerSecond === decimal ? fraction : Math.floor((fraction / clock.unitsPerSecond) * decimal)
  return clock.digits === 6
    ? threeDigits(Math.floor(value / 1000)) + threeDigits(value % 1000)
    : String(value).padStart(clock.digits, '0')
}

/** `000` to `999`, each made when it is needed: nearly every capture counts microseconds. */
const threeDigitTexts: (string | undefined)[] = new Array(1000)

function threeDigits(value: number): string {
  let text = threeDigitTexts[value]
  if (text === undefined) {
    text = String(value).padStart(3, '0')
    threeDigitTexts[value] = text
  }
  return text
}

/** A copy of the time of something that does not last. */
export function momentOf({ seconds, fraction, clock }: Moment): Moment {
  return { seconds, fraction, clock }
}

/** The moments may be of different clocks. */
export function isEarlier(a: Moment, b: Moment): boolean {
  if (a.seconds !== b.seconds) return a.seconds < b.seconds
  // Asked for each packet: where the clock is one, two divisions are left out.
  if (a.clock === b.clock) return a.fraction < b.fraction
  return a.fraction / a.clock.unitsPerSecond < b.fraction / b.clock.unitsPerSecond
}

/** The later one; the only one where the other is null. */
export function latest(a: Moment | null, b: Moment | null): Moment | null {
  if (a === null || b === null) return a ?? b
  return isEarlier(a, b) ? b : a
}

/** Nanoseconds from one moment to another, which may be of different clocks; exact below 104 days. */
export function nanosecondsBetween(from: Moment, to: Moment): number {
  const whole = (to.seconds - from.seconds) * 1e9
  const parts = (to.fraction / to.clock.unitsPerSecond - from.fraction / from.clock.unitsPerSecond) * 1e9
  return whole + Math.round(parts)
}
