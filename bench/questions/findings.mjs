import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { capture } from '../captures.mjs'
import { command, costTable, medians } from '../measure.mjs'

export const question = 'What does it cost to look into key shares, and at all else that may be wrong with a handshake?'

const COMMAND = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const BUILDS = new URL('../captures/builds/', import.meta.url)

/** What each build leaves out: functions that do nothing, by the file of dist/ that declares them. */
const WITHOUT = {
  '': {},
  'fingerprints and reuse': { 'key-share/fingerprint': ['fingerprintOf'], 'verdict/validity-reuse': ['noteReuse'] },
  'checks of key shares': { 'key-share/check': ['keyShareFlaws'] },
  'any finding': {
    'key-share/fingerprint': ['fingerprintOf'],
    'key-share/check': ['keyShareFlaws'],
    'verdict/validity': ['noteFindings'],
  },
}
/** What a function gives that does nothing. */
const RESULTS = { fingerprintOf: 'null', keyShareFlaws: '[]' }

export async function measure({ runs, scale }) {
  const path = capture('handshakes', 1000 * scale)
  const commands = []
  for (const [name, functions] of Object.entries(WITHOUT).toReversed()) {
    const argv = [await build(name, functions), '--format', 'ndjson', path]
    commands.push(command(name === '' ? 'pqcap' : `pqcap without ${name}`, process.execPath, ...argv))
  }
  return costTable(medians(commands, runs))
}

/** Builds the command without some functions; gives the path of its file. */
async function build(name, functions) {
  const left = new Map(Object.entries(functions).map(([file, names]) => [`/dist/${file}.js`, names]))
  const bundle = await rolldown({
    input: COMMAND,
    external: ['fzstd', 'pcap-ng-parser', 'xxhash-wasm'],
    platform: 'node',
    logLevel: 'warn',
    plugins: [
      {
        name: 'without',
        transform(code, id) {
          const file = [...left.keys()].find((end) => id.endsWith(end))
          if (file === undefined) return null
          const names = left.get(file)
          left.delete(file)
          return names.reduce(withoutFunction, code)
        },
      },
    ],
  })
  const dir = fileURLToPath(new URL(name.replaceAll(' ', '-') || 'whole', BUILDS))
  await bundle.write({ dir, format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: '[name]-[hash].cjs' })
  await bundle.close()
  if (left.size > 0) throw new Error(`not found: ${[...left.keys()].join(', ')}; run npm run build first`)
  return `${dir}/main.cjs`
}

function withoutFunction(code, name) {
  const declaration = `export function ${name}(`
  const at = code.indexOf(declaration)
  if (at < 0) throw new Error(`no function ${name}`)
  const body = code.indexOf(') {\n', at) + ') {\n'.length
  return `${code.slice(0, body)}return ${RESULTS[name] ?? ''};\n${code.slice(body)}`
}
