import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Trial } from './check.js'

/** What is known of a find, beside its bytes. */
export interface FindFacts {
  /** The invariant that it broke, and how. */
  readonly broke: string
  readonly detail: string
  /** The seed of the run, and the number of the input in it. */
  readonly seed: number
  readonly input: number
  readonly chunkSeed: number
  readonly reader: Trial['reader']
  /** It was found with low limits. */
  readonly tight: boolean
}

export interface Find extends FindFacts {
  readonly name: string
  readonly bytes: Uint8Array
}

/** Finds that were kept: `NAME.bin` with `NAME.json` beside it. */
export function corpus(folder: string): Find[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return names.sort().map((file) => {
    const name = file.slice(0, -'.json'.length)
    const facts = JSON.parse(readFileSync(join(folder, file), 'utf8')) as FindFacts
    return { name, ...facts, bytes: Uint8Array.from(readFileSync(join(folder, `${name}.bin`))) }
  })
}

export function keepFind(folder: string, { name, bytes, ...facts }: Find): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${name}.bin`), bytes)
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(facts, null, 2)}\n`)
}
