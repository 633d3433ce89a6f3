#!/usr/bin/env node
// Writes samples/**/NAME.expected.json: the records of each sample, as the build in dist/ reads it.
//
//   npm run build && node scripts/update-expected.mjs [NAME...]
//
// Without a NAME, all of them. Read the difference before you commit it: an expectation is what is true of the capture,
// not what the program happens to print.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { analyze } from '../dist/index.js'

const SAMPLES = fileURLToPath(new URL('../samples/', import.meta.url))
const LINE_LENGTH = 120

const names = process.argv.slice(2)
for (const path of readdirSync(SAMPLES, { recursive: true }).sort()) {
  if (!/\.pcap(ng)?(\.gz)?$/.test(path) || (names.length > 0 && !names.includes(basename(path)))) continue
  const records = []
  for await (const record of analyze(join(SAMPLES, path), { name: basename(path) })) records.push(record)
  const file = join(SAMPLES, path.replace(/\.pcap(ng)?(\.gz)?$/, '.expected.json'))
  const text = `${layout(records, '')}\n`
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue
  writeFileSync(file, text)
  console.log(`samples/${path}: written`)
}

/** JSON with a value on one line where it fits, so that a difference shows as the field that differs. */
function layout(value, indent) {
  const flat = JSON.stringify(value, null, 1)?.replace(/\n\s*/g, ' ')
  if (typeof value !== 'object' || value === null || flat.length + indent.length <= LINE_LENGTH * 0.9) return flat
  const inner = `${indent}  `
  const body = Array.isArray(value)
    ? value.map((item) => inner + layout(item, inner))
    : Object.entries(value).map(([key, item]) => `${inner}${JSON.stringify(key)}: ${layout(item, inner)}`)
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  return `${open}\n${wrapped(value, body, inner).join(',\n')}\n${indent}${close}`
}

/** Numbers fill their lines. */
function wrapped(value, body, inner) {
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'number')) return body
  const lines = [inner]
  for (const number of value) {
    const line = lines.at(-1)
    const next = line === inner ? `${line}${number}` : `${line}, ${number}`
    if (next.length < LINE_LENGTH) lines[lines.length - 1] = next
    else lines.push(`${inner}${number}`)
  }
  return lines
}
