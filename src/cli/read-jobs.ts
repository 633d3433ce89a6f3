import { InvalidArgumentError } from 'commander'

/** More threads than this are a slip of the finger. */
const MAX_JOBS = 256

export function readJobs(text: string): number {
  const jobs = Number(text)
  if (/^\d+$/.test(text) && jobs >= 1 && jobs <= MAX_JOBS) return jobs
  throw new InvalidArgumentError(`It is a number from 1 to ${MAX_JOBS}.`)
}
