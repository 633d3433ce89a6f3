import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { analyze } from '../../../src/index.js'
import { showJson } from '../../../src/report/show/index.js'
import { type ShowResult, show } from '../../../src/show.js'
import { pcap } from '../../support/captures.js'
import { handshakes } from '../../support/handshakes.js'

const schemaOf = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../schemas/${name}.schema.json`, import.meta.url), 'utf8'))
const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true })
ajv.addSchema(schemaOf('pqcap-1'))
const isDocument = ajv.compile(schemaOf('pqcap-show-1'))

const SAMPLES = new URL('../../../samples/', import.meta.url)
const samples = readdirSync(SAMPLES).filter((name) => /\.pcap(ng)?(\.gz)?$/.test(name))

function documentOf(result: ShowResult, lessons: Parameters<typeof showJson>[0]['lessons'] = null) {
  return JSON.parse(showJson({ ...result, lessons }))
}

function expectAllowed(document: unknown): void {
  expect(isDocument(document), JSON.stringify(isDocument.errors?.slice(0, 3))).toBe(true)
}

describe('the schema of what is shown', () => {
  test.each(samples)('holds for %s', async (sample) => {
    const path = fileURLToPath(new URL(sample, SAMPLES))
    expectAllowed(documentOf(await show(path)))
    for await (const record of analyze(path)) {
      if (record.type === 'capture') continue
      const result = await show(path, { choose: ({ stream }) => stream === record.stream })
      expect(result.shown?.record).toEqual(record)
      expectAllowed(documentOf(result))
    }
  })

  test.each(Object.entries(handshakes))('holds for %s', async (_, make) => {
    expectAllowed(documentOf(await show(pcap(make()))))
  })

  test('holds for what is no capture, and with lessons', async () => {
    const nothing = await show(new Uint8Array(9))
    expectAllowed(documentOf(nothing))
    expectAllowed(documentOf(nothing, [{ key: 'grease', title: 't', text: 'x' }]))
    expect(isDocument(documentOf(nothing, [{ key: 'grease', title: 't' } as never]))).toBe(false)
  })

  test('demands offsets, names and numbers as they are', async () => {
    const document = documentOf(await show(fileURLToPath(new URL('hybrid-x25519mlkem768.pcap', SAMPLES))))
    const [message] = document.shown.messages
    const changed = (field: object) => ({
      ...document,
      shown: { ...document.shown, messages: [{ ...message, fields: [{ ...message.fields[0], ...field }] }] },
    })
    expectAllowed(changed({}))
    for (const wrong of [{ type: 'word' }, { bytes: 0 }, { pieces: [{ frame: 0, offset: 1, bytes: 1 }] }, { hex: '0' }])
      expect(isDocument(changed(wrong)), JSON.stringify(wrong)).toBe(false)
  })
})
