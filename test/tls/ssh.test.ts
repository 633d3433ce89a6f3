import { expect, test } from 'vitest'
import { analyzedPackets, Connection, noteCodes } from '../support/connection.js'

const text = (line: string): Uint8Array => new TextEncoder().encode(line)

test('the capture says that SSH is in it, which is not read', async () => {
  const connection = new Connection({ serverPort: 2222 }).open()
  connection.server(text('SSH-2.0-OpenSSH_10.0\r\n')).client(text('SSH-2.0-OpenSSH_10.0\r\n'))
  const { capture, handshakes } = await analyzedPackets(connection.close().packets)
  expect(handshakes).toEqual([])
  expect(noteCodes(capture)).toEqual(['ssh-not-read'])
})

test('the same bytes are no SSH where they do not begin a segment', async () => {
  const connection = new Connection({ serverPort: 22 }).open()
  connection.server(text('220 SSH-2.0-OpenSSH_10.0\r\n')).client(text('SSH'))
  connection.client(text('STARTTLS\r\n')).server(text('SSH/2.0\r\n'))
  expect(noteCodes((await analyzedPackets(connection.close().packets)).capture)).toEqual([])
})
