/** Whether a protocol begins with some bytes; `maybe` where they are too few to tell and nothing speaks against it. */
export const NO = 0
export const MAYBE = 1
export const YES = 2
export type Detection = typeof NO | typeof MAYBE | typeof YES
