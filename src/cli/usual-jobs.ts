import { availableParallelism } from 'node:os'

/**
 * Captures read at a time where nobody says how many: as many as there are processors. But two of them are mostly the
 * two threads of one core, as on most virtual machines. What the second adds is less than what a second job takes: code
 * that is compiled once more, and caches that are shared (bench/results.md).
 */
export function usualJobs(processors = availableParallelism()): number {
  return processors === 2 ? 1 : processors
}
