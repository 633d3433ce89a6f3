import type { Preset } from './preset.js'

export const tls12Minimum: Preset = {
  name: 'tls12-minimum',
  description:
    'TLS 1.2 or newer, as AWS API endpoints demand. AWS announced it for June 2023; that every endpoint demanded it from then on is not verified. It says nothing of post-quantum groups, which TLS 1.2 does not have. A handshake that was refused passes: a client that is too old should be. One that was not answered does not: its version was not seen.',
  source: 'AWS Security Blog (TLS 1.2 as the minimum for AWS API endpoints), RFC 8996 (TLS 1.0 and 1.1 deprecated)',
  date: '2026-11-22',
  rules: { outcome: ['negotiated', 'rejected'], 'tls-version': { minimum: 'TLSv1.2' } },
}
