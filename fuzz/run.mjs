#!/usr/bin/env node
// Builds the fuzzer from the sources, instrumented, and runs it. `npm run fuzz -- --help` says what it takes.
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { instrument } from './instrument.mjs'

const tight = process.argv.includes('--tight')
// Several may run at once; the packages that it needs are found from here.
const file = fileURLToPath(new URL(`build/${process.pid}.mjs`, import.meta.url))
process.on('exit', () => rmSync(file, { force: true }))
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130))
const bundle = await rolldown({
  input: fileURLToPath(new URL('main.ts', import.meta.url)),
  external: [/^ajv/, 'pcap-ng-parser'],
  platform: 'node',
  logLevel: 'warn',
  plugins: [instrument({ tight })],
})
await bundle.write({ file, codeSplitting: false })
await bundle.close()
await import(file)
