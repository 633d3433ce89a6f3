import { describe, expect, it } from 'vitest'
import { analyzePackets, readPackets } from '../../src/analyze.js'
import type { PacketInput } from '../../src/capture/packet-iterable.js'
import { join } from '../support/bytes.js'
import { ACK, Connection, type From, onlyHandshake, PSH, RST } from '../support/connection.js'
import * as tls from '../support/tls.js'

const sample = new URL('../../samples/classical-x25519.pcap', import.meta.url).pathname

async function verdictWithout(...frames: readonly number[]): Promise<unknown> {
  const packets: PacketInput[] = []
  for await (const { frame, bytes, start, end, linkType, seconds } of readPackets(sample))
    if (!frames.includes(frame))
      packets.push({ data: bytes.slice(start, end), linkType, nanoseconds: BigInt(seconds) * 1_000_000_000n })
  for await (const record of analyzePackets(packets)) if (record.type === 'handshake') return record.verdict
  return null
}

describe('Conversation', () => {
  it('knows where the server goes on from what the client acknowledged, where the SYN/ACK is not there', async () => {
    expect(await verdictWithout(2)).toMatchObject({ outcome: 'negotiated', label: 'classical' })
    expect(await verdictWithout(2, 6)).toMatchObject({ outcome: 'incomplete', label: null, reason: 'missing-bytes' })
    expect(await verdictWithout(1, 2, 3, 6)).toMatchObject({ outcome: 'incomplete', reason: 'missing-bytes' })
  })

  const hello = tls.record(22, tls.hybridClientHello())
  const answer = join(tls.record(22, tls.serverHello13(tls.X25519MLKEM768, 1120)), tls.applicationData(900))

  it.each([0x1000, 0x7fff_ff00, 0x8000_1000, 0xffff_fe00])(
    'knows what was acknowledged and is in no packet, with numbers from %i on',
    async (from) => {
      const connection = new Connection({ clientSequence: from, serverSequence: from }).open().client(hello)
      const lost = connection.lose('server', answer).acknowledge('client')
      const { verdict } = await onlyHandshake(lost.packets)
      expect(verdict).toMatchObject({ outcome: 'incomplete', reason: 'missing-bytes' })
      expect(verdict.explanation).toContain(`${answer.length} bytes more that no packet of the capture holds`)
    },
  )

  it.each([
    ['that acknowledges them', RST | ACK],
    ['that acknowledges nothing', RST],
  ])('is not over with a RST %s while bytes may still come, of whichever side', async (_, flags) => {
    const behind = (from: From, bytes: Uint8Array, connection: Connection) => {
      const at = connection.next[from]
      connection.lose(from, bytes.slice(0, 100)).send(from, bytes.slice(100))
      connection.packet(from === 'client' ? 'server' : 'client', flags)
      return connection.place(from, ACK | PSH, at, bytes.slice(0, 100))
    }
    const server = behind('server', answer, new Connection().open().client(hello))
    expect((await onlyHandshake(server.packets)).verdict).toMatchObject({ outcome: 'negotiated', label: 'hybrid' })
    const client = behind('client', hello, new Connection().open())
    expect(await onlyHandshake(client.packets)).toMatchObject({
      verdict: { outcome: 'rejected', reason: 'closed-before-server-hello' },
      clientHello: { bytes: hello.length - 5 },
    })
  })
})
