import { readFileSync } from 'node:fs'

const { dependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'))

// The command alone: Node takes about half a millisecond to find, read and link a module, and the command has a
// hundred. In a few files it starts 30 ms sooner (bench/results.md). The library stays as tsc makes it.
export default {
  input: 'dist/cli/main.js',
  external: Object.keys(dependencies),
  platform: 'node',
  logLevel: 'warn',
  output: { dir: 'dist/bin', entryFileNames: 'pqcap.js', chunkFileNames: '[name]-[hash].js' },
}
