import { readFileSync } from 'node:fs'

const { dependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'))

// The command alone: Node takes about half a millisecond to find, read and link a module, and the command has a
// hundred. In a few files it starts 30 ms sooner (bench/results.md). The library stays as tsc makes it. The worker
// threads have files of their own: shared ones would be more and smaller, and both would start later.
const [command, worker] = [
  ['pqcap', 'main', ''],
  ['worker', 'worker', 'worker-'],
].map(([name, file, prefix]) => ({
  input: { [name]: `dist/cli/${file}.js` },
  external: Object.keys(dependencies),
  platform: 'node',
  logLevel: 'warn',
  output: { dir: 'dist/bin', entryFileNames: '[name].js', chunkFileNames: `${prefix}[name]-[hash].js` },
}))

export default [command, worker]
