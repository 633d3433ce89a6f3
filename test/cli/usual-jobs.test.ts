import { expect, test } from 'vitest'
import { usualJobs } from '../../src/cli/usual-jobs.js'

test('as many captures are read at a time as there are processors, but for two, which are mostly one core', () => {
  expect([1, 2, 3, 4, 64].map((processors) => usualJobs(processors))).toEqual([1, 1, 3, 4, 64])
})
