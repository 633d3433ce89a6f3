/**
 * What the instrumented code counts, and how much it may. Budgets make a hang, or memory that a length field claims, an
 * error at a place that is the same on every machine.
 */

const MAX_SITES = 1 << 14

/** How often each branch was taken since `beginWork`, by the number that the build gave it. */
export const hits = new Uint32Array(MAX_SITES)

let steps = 0
let stepLimit = Number.POSITIVE_INFINITY
let allocated = 0
let allocationLimit = Number.POSITIVE_INFINITY
let exceeded: WorkExceeded | null = null

/** Steps and bytes that a capture may cost, however small it is, and for each byte of it (decompressed). */
export const BUDGET = {
  steps: 20_000,
  stepsPerByte: 60,
  allocated: 4 * 1024 * 1024,
  allocatedPerByte: 100,
} as const

export class WorkExceeded extends Error {
  override readonly name = 'WorkExceeded'
}

/** Starts to count for an input of a length. */
export function beginWork(bytes: number): void {
  steps = 0
  allocated = 0
  exceeded = null
  stepLimit = BUDGET.steps + BUDGET.stepsPerByte * bytes
  allocationLimit = BUDGET.allocated + BUDGET.allocatedPerByte * bytes
}

/** Decompression made more bytes out of the input. */
export function allowMore(bytes: number): void {
  stepLimit += BUDGET.stepsPerByte * bytes
  allocationLimit += BUDGET.allocatedPerByte * bytes
}

/** Stops counting. `exceeded` is set also where something caught the error. */
export function endWork(): { steps: number; allocated: number; exceeded: WorkExceeded | null } {
  const result = { steps, allocated, exceeded }
  stepLimit = Number.POSITIVE_INFINITY
  allocationLimit = Number.POSITIVE_INFINITY
  return result
}

/** A call, or a turn of a loop. */
export function step(): void {
  if (++steps > stepLimit) exceed(`more than ${stepLimit} steps`)
}

/** An array was made. */
export function made<Made extends { readonly length: number; readonly byteLength?: number }>(array: Made): Made {
  count(array.byteLength ?? array.length * 8)
  return array
}

function count(bytes: number): void {
  allocated += bytes
  if (allocated > allocationLimit) exceed(`more than ${allocationLimit} bytes of arrays`)
}

function exceed(message: string): never {
  exceeded ??= new WorkExceeded(message)
  throw exceeded
}

/**
 * Copies are work, too: a copy of all that came before for each chunk makes reading quadratic without a loop. What zstd's
 * decompressor moves within its window is bounded for each block, not for each byte, and does not count.
 */
const { slice, set } = Uint8Array.prototype
Uint8Array.prototype.slice = function (...range) {
  const copy = slice.apply(this, range)
  count(copy.length)
  return copy
}
Uint8Array.prototype.set = function (array, at) {
  count(array.length)
  set.call(this, array, at)
}
