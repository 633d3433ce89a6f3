#!/usr/bin/env node
// Measures pqcap, and what there is to compare it with, in one run.
//
//   npm run bench                     every question, at full size: some minutes, 4 GB of disk
//   npm run bench -- small bulk       these only
//   npm run bench -- --scale 0.01     captures of a hundredth of their size, to see that it works
//   npm run bench -- --runs 9         medians of nine runs instead of five
//   npm run bench -- --long           memory on ten times the full size, too, through a pipe
import { cpus, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { isInstalled, measuresResources } from './measure.mjs'
import * as attacks from './questions/attacks.mjs'
import * as bulk from './questions/bulk.mjs'
import * as dissector from './questions/dissector.mjs'
import * as endless from './questions/endless.mjs'
import * as findings from './questions/findings.mjs'
import * as handshakes from './questions/handshakes.mjs'
import * as jobs from './questions/jobs.mjs'
import * as many from './questions/many.mjs'
import * as memory from './questions/memory.mjs'
import * as small from './questions/small.mjs'

const QUESTIONS = { small, bulk, handshakes, dissector, findings, many, jobs, memory, attacks, endless }

const HELP = `npm run bench -- [--runs N] [--scale FACTOR] [--long] [QUESTION...]
questions: ${Object.keys(QUESTIONS).join(', ')}
--runs   medians of so many runs (5); --scale 0.01   captures of a hundredth of their size
--long   memory on ten times the full size, too`

/** Ends with what is wrong, or with the help that was asked for. */
function stop(message, status) {
  console.error(message)
  process.exit(status)
}

const { values, positionals } = readArguments()
if (values.help) stop(HELP, 0)
const options = { runs: Number(values.runs), scale: Number(values.scale), long: values.long }
const unknown = positionals.filter((name) => !(name in QUESTIONS))
if (unknown.length > 0 || !(options.runs >= 1) || !(options.scale > 0)) {
  stop(`bench: ${unknown.join(', ') || 'wrong options'}\n${HELP}`, 2)
}

const [{ model }] = cpus()
console.log(`Node ${process.version}, ${cpus().length} x ${model}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB`)
console.log(
  `Medians of ${options.runs} runs, warm cache, output to nowhere; captures at ${options.scale} of full size.`,
)
for (const tool of ['capinfos', 'tshark']) if (!isInstalled(tool)) console.log(`${tool} is not installed: left out.`)
if (!measuresResources) console.log('GNU time is not installed: no processor time and no memory.')

for (const name of positionals.length > 0 ? positionals : Object.keys(QUESTIONS)) {
  const { question, measure } = QUESTIONS[name]
  console.log(`\n### ${question}\n\n${await measure(options)}`)
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        runs: { type: 'string', default: '5' },
        scale: { type: 'string', default: '1' },
        long: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
  } catch (error) {
    return stop(`bench: ${error.message}\n${HELP}`, 2)
  }
}
