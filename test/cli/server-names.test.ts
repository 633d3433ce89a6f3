import { expect, test } from 'vitest'
import { serverNameForms } from '../../src/cli/server-names.js'

test.each([
  ['www.example.com', ['www.example.com']],
  ['bücher.example', ['bücher.example', 'xn--bcher-kva.example']],
  ['*.BÜCHER.example.', ['*.BÜCHER.example.', '*.xn--bcher-kva.example.']],
  ['日本語.jp', ['日本語.jp', 'xn--wgv71a119e.jp']],
  ['www。example', ['www。example', 'www.example']],
  // What a wildcard in a label stands for has no form of its own.
  ['b?cher-ü.bücher.example', ['b?cher-ü.bücher.example', 'b?cher-ü.xn--bcher-kva.example']],
  ['ü<.example', ['ü<.example']],
])('%s is as written, and as it is sent', (text, forms) => {
  expect(serverNameForms(text)).toEqual(forms)
})
