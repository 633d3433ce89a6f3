import type { Preset } from './preset.js'

export const awsPq: Preset = {
  name: 'aws-pq',
  description:
    'TLS 1.3 with one of the three hybrid groups that the post-quantum policies of Elastic Load Balancing have: X25519MLKEM768, SecP256r1MLKEM768 and SecP384r1MLKEM1024. Disputed: s2n-tls, the library of AWS, also has policies for MLKEM1024 alone (named CNSA2); whether an endpoint uses them is not verified. It does not pass here; extend this preset with groups to add it. Older AWS peers selected Kyber drafts, which s2n-tls has not had since February 2026.',
  source: 'Elastic Load Balancing, security policies with PQ in their names (2025-09); RFC 10024',
  date: '2026-11-22',
  rules: {
    outcome: ['negotiated'],
    label: ['hybrid', 'post-quantum'],
    'tls-version': { minimum: 'TLSv1.3' },
    groups: ['X25519MLKEM768', 'SecP256r1MLKEM768', 'SecP384r1MLKEM1024'],
    encryption: ['after-server-hello'],
    'key-share-validity': 'error',
  },
}
