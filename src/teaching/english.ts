import type { Texts } from './lesson.js'

/** The lessons in English. */
export const ENGLISH: Texts = {
  'client-hello-not-seen': {
    title: 'No ClientHello was found',
    text: 'What the client offered cannot be known: no ClientHello was found in the capture, or not all of it. What the server selected is in the ServerHello, so the label does not depend on it. To see the offer, start the capture before the connection is opened, and keep whole packets.',
  },
  'client-hello-grew': {
    title: 'Why the ClientHello grew',
    text: 'The ClientHello has {bytes} bytes, and post-quantum key shares take {shareBytes} of them ({shares}). It came in {segments} TCP segments: a packet of Ethernet has room for about 1460 bytes of TCP payload. A sender may send ten segments before the first answer (initial congestion window, RFC 6928), so the size alone costs no round trip. But some middleboxes look for the whole ClientHello in the first segment, and delay or drop what they do not find there.',
  },
  'client-hello-beyond-window': {
    title: 'A ClientHello in very many segments',
    text: 'The ClientHello has {bytes} bytes, and post-quantum key shares take {shareBytes} of them ({shares}). It came in {segments} TCP segments. That is more than the ten that a sender usually sends before the first answer (initial congestion window, RFC 6928), so the client may have had to wait for acknowledgements before it was sent whole. Middleboxes that look for the whole ClientHello in the first segment do not find it there.',
  },
  'client-hello-one-segment': {
    title: 'A post-quantum ClientHello in one segment',
    text: 'The ClientHello has {bytes} bytes, and post-quantum key shares take {shareBytes} of them ({shares}). It still fits one TCP segment: a packet of Ethernet has room for about 1460 bytes of TCP payload. A longer server name or one more key share can be what makes it two.',
  },
  'client-hello-one-large-segment': {
    title: 'A large ClientHello in one segment',
    text: 'The ClientHello has {bytes} bytes, and post-quantum key shares take {shareBytes} of them ({shares}). In this capture it is one TCP segment, longer than the 1460 bytes of an ordinary Ethernet packet. So the link takes larger packets, as the loopback interface does, or the capture was made before the network card cut the segment into packets. On an ordinary network it is two packets or more, which some middleboxes do not expect.',
  },
  'client-hello-split': {
    title: 'A ClientHello in several segments, without a post-quantum key share',
    text: 'The ClientHello has {bytes} bytes and came in {segments} TCP segments, though none of its key shares is post-quantum. Long lists, session tickets and padding make a ClientHello long too, and some clients and middleboxes split short ones.',
  },
  'client-hello-small': {
    title: 'A ClientHello in one segment',
    text: 'The ClientHello has {bytes} bytes and fits one TCP segment; none of its key shares is post-quantum. With a key share of X25519MLKEM768, which is 1216 bytes, it would have about {grownBytes}. A packet of Ethernet has room for about 1460 bytes of TCP payload, which is why post-quantum ClientHellos as a rule take two.',
  },
  'client-hello-very-small': {
    title: 'A ClientHello in one segment',
    text: 'The ClientHello has {bytes} bytes and fits one TCP segment; none of its key shares is post-quantum. With a key share of X25519MLKEM768, which is 1216 bytes, it would have about {grownBytes}, and still fit a packet of Ethernet, which has room for about 1460 bytes of TCP payload. That is rare: most clients have more to say, and take two packets with such a key share.',
  },
  grease: {
    title: 'GREASE',
    text: 'Some values of the ClientHello mean nothing on purpose, the first of them {value} (RFC 8701). Clients add them at random so that servers and middleboxes keep passing over what they do not know. It is this habit that lets a new group such as a hybrid be offered without breaking old servers. A server must not select one.',
  },
  'encrypted-client-hello': {
    title: 'Encrypted ClientHello',
    text: 'The ClientHello has the extension encrypted_client_hello (RFC 9849). Either a second, inner ClientHello is encrypted in it, and the server name and lists that are seen here are those of the outer one; or it is a decoy of random bytes, which looks the same. The capture cannot tell which. The ServerHello is in the clear in both cases, and the selected group is the real one.',
  },
  'offer-none': {
    title: 'The client offered nothing post-quantum',
    text: 'The ClientHello lists no post-quantum group, so the server had none to select. To change this, change the client: a newer TLS library, or its list of groups. No setting of the server can make up for it.',
  },
  'retry-for-share': {
    title: 'What the HelloRetryRequest cost, and why it came',
    text: 'The server wanted {group}, and the first ClientHello had no key share of it. So the server answered with a HelloRetryRequest of {retryBytes} bytes, and the client sent a second ClientHello of {bytes} bytes with that share. That costs one more round trip before any data can flow. A client that sends a share of {group} at once, or a server that takes one of the shares it was sent, saves it.',
  },
  'retry-for-share-ignored': {
    title: 'A HelloRetryRequest that was not followed',
    text: 'The server wanted {group}, and the first ClientHello had no key share of it. So the server answered with a HelloRetryRequest of {retryBytes} bytes, which costs one more round trip. But the second ClientHello of {bytes} bytes has no key share of {group} either, which the standard does not allow.',
  },
  'retry-for-share-half-seen': {
    title: 'A HelloRetryRequest for another key share',
    text: 'The server wanted {group}, and the first ClientHello had no key share of it. So the server answered with a HelloRetryRequest of {retryBytes} bytes, which asks for a second ClientHello with that share and costs one more round trip. The second ClientHello is not in the capture.',
  },
  'retry-for-cookie': {
    title: 'A HelloRetryRequest for a cookie',
    text: 'The server answered with a HelloRetryRequest of {retryBytes} bytes that asks for no other key share, only for its cookie to be sent back. A server does so to keep no state, or to see that the client can be reached at its address. It costs one more round trip, and has nothing to do with the group.',
  },
  'retry-unexplained': {
    title: 'A HelloRetryRequest',
    text: 'The server answered with a HelloRetryRequest of {retryBytes} bytes, which costs one more round trip. Why it came cannot be seen in this capture.',
  },
  'retry-not-seen': {
    title: 'A second ClientHello',
    text: 'The client sent a second ClientHello of {bytes} bytes, which only a HelloRetryRequest of the server asks for. That message is not in the capture, so why it came cannot be known. A retry costs one more round trip.',
  },
  'server-chose-classical': {
    title: 'The server chose a classical group',
    text: 'The ClientHello lists {offered}, and yet the server selected {group}, which is classical. The usual reasons are a server that does not know the post-quantum group, one in which it is turned off, or one that prefers another. To change this, change the server, or what ends TLS in front of it.',
  },
  'tls12-offered-in-vain': {
    title: 'A post-quantum offer to an old version',
    text: 'The ClientHello lists {offered}, but the server agreed on {version}, where such a group cannot be selected. The offer went unused. It takes TLS 1.3 on the server, or on what ends TLS in front of it, for the offer to count.',
  },
  'tls12-offered-without-tls13': {
    title: 'A post-quantum offer without TLS 1.3',
    text: 'The ClientHello lists {offered}, but it does not offer TLS 1.3, in which alone such a group can be selected. The two sides agreed on {version}, and the offer went unused. It takes TLS 1.3 in the client, and on the server or what ends TLS in front of it, for the offer to count.',
  },
  tls12: {
    title: 'Why TLS 1.2 cannot be post-quantum',
    text: 'The two sides agreed on {version}. Hybrid and ML-KEM groups are defined for TLS 1.3 only (RFC 10024; draft-ietf-tls-mlkem), and a server must not select one in an older version. There were experiments with cipher suites for TLS 1.2, but no standard came of them. The way to a post-quantum key exchange begins with TLS 1.3.',
  },
  'unknown-group': {
    title: 'A group that is not known here',
    text: 'The server selected {group}, which is in no registry known here. Whether its key exchange withstands a quantum computer cannot be said. It may be a private experiment, or newer than this version of pqcap.',
  },
  'reserved-group': {
    title: 'A number that stands for no one group',
    text: 'The server selected {group}, a number that is reserved or set aside for private use. Programs may use such a number for groups of their own, so it does not tell which key exchange this is. Whether that withstands a quantum computer cannot be said.',
  },
  'grease-selected': {
    title: 'A group that means nothing',
    text: 'The server selected {group}, one of the values that mean nothing on purpose (RFC 8701). No key exchange stands behind it, and a server must not select it. The server, or something in between, is at fault.',
  },
  'group-not-of-version': {
    title: 'A group that has no place in this version',
    text: 'The ServerKeyExchange names {group} as its curve, and {version} is not known to have such a curve. So it cannot be known how the keys were made, and nothing is said about what they are worth. The server may be at fault, or this is a private experiment.',
  },
  'unknown-cipher-suite': {
    title: 'A cipher suite that does not tell the key exchange',
    text: 'The two sides agreed on the cipher suite {suite}. It does not tell how the keys were made, so nothing is said about what they are worth.',
  },
  malformed: {
    title: 'A ServerHello that cannot be read',
    text: 'The ServerHello is not as the standard demands, so what was agreed on cannot be known from it. The server or something in between may be at fault, or the capture was damaged. A second capture at the other end of the connection can tell.',
  },
  hybrid: {
    title: 'What a hybrid is, and why both parts',
    text: '{group} runs two key exchanges at once and makes the keys from both results: {kem}, which is built to withstand a quantum computer, and {classical}, which has been tried for longer. The keys are safe while either of the two holds. In bytes and in wire order, the key share of the client is {clientShare}, and that of the server {serverShare}: of {kem} the client sends an encapsulation key, and the server the ciphertext that it made with it.',
  },
  'hybrid-client-not-seen': {
    title: 'What a hybrid is, and why both parts',
    text: '{group} runs two key exchanges at once and makes the keys from both results: {kem}, which is built to withstand a quantum computer, and {classical}, which has been tried for longer. The keys are safe while either of the two holds. In bytes and in wire order, the key share of the server is {serverShare}; that of the client is not in the capture.',
  },
  'hybrid-without-parts': {
    title: 'What a hybrid is, and why both parts',
    text: '{group} runs two key exchanges at once and makes the keys from both results: one that is built to withstand a quantum computer, and a classical one that has been tried for longer. The keys are safe while either of the two holds. The key share of the server has {serverBytes} bytes; where one part ends and the other begins is not known for this one.',
  },
  'hybrid-cipher-suite': {
    title: 'A hybrid from before there were groups for it',
    text: 'The cipher suite {suite} joins a post-quantum KEM and a classical exchange, so that the keys are safe while either of the two holds. It is an experiment of TLS 1.2 that no standard took up. Today hybrids are groups of TLS 1.3.',
  },
  'post-quantum': {
    title: 'A post-quantum KEM alone',
    text: '{group} has no classical part: the keys rest on the post-quantum KEM alone, and are safe as long as that holds. The client sent a key of {clientBytes} bytes, and the server answered with a ciphertext of {serverBytes}. Some rules ask for no classical part, such as CNSA 2.0 of the United States, which takes ML-KEM-1024 only; others, such as those of the BSI in Germany, ask for hybrids.',
  },
  'post-quantum-client-not-seen': {
    title: 'A post-quantum KEM alone',
    text: '{group} has no classical part: the keys rest on the post-quantum KEM alone, and are safe as long as that holds. The server sent a ciphertext of {serverBytes} bytes, made with a key of the client that is not in the capture. Some rules ask for no classical part, such as CNSA 2.0 of the United States, which takes ML-KEM-1024 only; others, such as those of the BSI in Germany, ask for hybrids.',
  },
  'obsolete-kyber': {
    title: 'Kyber, before it became ML-KEM',
    text: '{group} uses a draft of Kyber, from which NIST made ML-KEM (FIPS 203). The two do not work together, and current programs no longer offer the draft. It is not known to be broken, but at least one of the two sides is due for an update.',
  },
  'obsolete-experiment': {
    title: 'An experiment that has ended',
    text: '{group} comes from an experiment or an early version, and current programs no longer offer it. The standards of today are the ML-KEM hybrids (RFC 10024). At least one of the two sides is due for an update.',
  },
  'broken-hybrid': {
    title: 'A hybrid whose post-quantum part is broken',
    text: '{exchange} joins a classical exchange with SIDH or SIKE, which was broken in 2022 on an ordinary computer. What is left is the classical part, which a large quantum computer would break. This is why hybrids have two parts: without the classical one, nothing would be left.',
  },
  'broken-post-quantum': {
    title: 'A broken key exchange',
    text: '{exchange} is SIDH or SIKE alone, which was broken in 2022 on an ordinary computer. It protects nothing: whoever has this capture can compute the keys. It should be turned off at once.',
  },
  classical: {
    title: 'Classical, and what a quantum computer does to it',
    text: "The keys were agreed on with {exchange}, a Diffie-Hellman exchange. It rests on discrete logarithms, which a large quantum computer would compute with Shor's algorithm. No such computer is known today, and nobody knows when there will be one.",
  },
  'classical-rsa': {
    title: 'RSA key transport, and what a quantum computer does to it',
    text: "The client encrypts the secret with the RSA key of the server, as the cipher suite says. A large quantum computer would factor that key with Shor's algorithm. There is no forward secrecy either: whoever gets the private key of the server, with or without a quantum computer, reads every recorded session that used it.",
  },
  'classical-other': {
    title: 'Not a post-quantum key exchange',
    text: 'The keys were made by {exchange}, as the cipher suite says. It is not a post-quantum key exchange. If a secret that both sides had before goes into the keys as well, that secret is all that may last against quantum computers.',
  },
  'psk-with-share': {
    title: 'A pre-shared key beside the key exchange',
    text: 'The server accepted a pre-shared key, mostly the ticket of an earlier session, and made a fresh key exchange with {group} as well. The keys come from both, so the label is that of the fresh exchange and not of the earlier session. Whether the key is a ticket or was set up by hand cannot be told for sure.',
  },
  'psk-only': {
    title: 'A pre-shared key and no key exchange',
    text: 'The keys come from a pre-shared key alone, so there is no exchange in this handshake that could be classical or post-quantum. If the key came with the ticket of an earlier session, this session is worth as much as the key exchange of that one, which is not part of this handshake. There is no forward secrecy: whoever learns the pre-shared key can read the recording.',
  },
  resumed: {
    title: 'A resumed session',
    text: 'The two sides took up the secret of an earlier {version} session, and made no new key exchange. So this session inherits what the earlier one was worth, and that handshake is not this one. A quantum computer that breaks the earlier key exchange opens this session too.',
  },
  'early-data': {
    title: 'Early data (0-RTT)',
    text: 'In frame {frame} the client sent encrypted data without waiting for the ServerHello. That data is protected by the pre-shared key alone, mostly of an earlier session, and not by the key exchange of this handshake; an attacker could also send it again. Whether the server took it cannot be seen.',
  },
  'early-data-not-taken': {
    title: 'Early data (0-RTT) that was not taken',
    text: 'In frame {frame} the client sent encrypted data without waiting for the ServerHello, as early data is: protected by a pre-shared key alone. The answer shows that the server did not take it, for it takes such data only along with the pre-shared key, and never after a HelloRetryRequest. The client may send it once more later, but the first copy is in a recording as well, and is worth what that pre-shared key is.',
  },
  'observer-tls13': {
    title: 'What an observer can read',
    text: 'In the clear are the server name {serverName}, the lists of versions, groups and cipher suites, the key shares and what was selected. All handshake messages and data after the ServerHello are encrypted, certificates included. Addresses, sizes and times can be seen for the whole connection, and often tell much.',
  },
  'observer-tls13-unnamed': {
    title: 'What an observer can read',
    text: 'In the clear are the lists of versions, groups and cipher suites, the key shares and what was selected; no server name was read in this capture. All handshake messages and data after the ServerHello are encrypted, certificates included. Addresses, sizes and times can be seen for the whole connection, and often tell much.',
  },
  'observer-tls12': {
    title: 'What an observer can read',
    text: 'In the clear are the server name {serverName}, the offer and the choice, and in {version} also the certificate, where one was sent. Encryption begins only after ChangeCipherSpec, at the end of the handshake. Addresses, sizes and times can be seen for the whole connection.',
  },
  'observer-tls12-unnamed': {
    title: 'What an observer can read',
    text: 'In the clear are the offer and the choice, and in {version} also the certificate, where one was sent; no server name was read in this capture. Encryption begins only after ChangeCipherSpec, at the end of the handshake. Addresses, sizes and times can be seen for the whole connection.',
  },
  'observer-not-seen': {
    title: 'What follows is not in the capture',
    text: 'The capture holds nothing that the server sent after the ServerHello, so it cannot be seen where encryption begins. What was agreed on is known all the same. If the connection went on, a capture with a few more packets shows the rest.',
  },
  'observer-not-reached': {
    title: 'Nothing encrypted came from the server',
    text: 'Messages of the server follow the ServerHello, but none that is encrypted: the handshake broke off before that, or the capture does not hold it. What was agreed on is known all the same. What the server sent is in the clear, in {version} also its certificate, where one was sent.',
  },
  'observer-broken-off': {
    title: 'Broken off after the ServerHello',
    text: 'The alert {alert} ended the handshake after the ServerHello, and nothing encrypted that the server sent is in the capture. What was agreed on is known all the same. What the server sent is in the clear, in {version} also its certificate, where one was sent.',
  },
  'observer-plaintext': {
    title: 'A message in the clear where TLS 1.3 encrypts',
    text: 'The two sides agreed on TLS 1.3, and a handshake message in the clear follows, where everything has to be encrypted. So it is not said here what the key exchange protects. One of the two programs, or something in between, does not do what the standard demands.',
  },
  'observer-unencrypted': {
    title: 'What an observer can read: everything',
    text: 'The two sides agreed on the cipher suite {suite}, which encrypts nothing. Records are protected against changes at most, and what they hold can be read by everyone on the way, and in every recording.',
  },
  'authentication-tls13': {
    title: 'Authentication is another question',
    text: 'The key exchange does not say who the server is: that is done by a certificate and a signature, which TLS 1.3 encrypts, so they cannot be seen here. Nearly all certificates still have classical keys. For a recording that makes no difference: a signature counts only while the handshake goes on, and one that a later quantum computer forges comes too late.',
  },
  'authentication-tls12': {
    title: 'Authentication is classical too',
    text: 'The server proves who it is with the key of a certificate, as the cipher suite says. For {version} no post-quantum signatures are defined, so that key is classical. That counts only while the handshake goes on: a quantum computer that comes later cannot take the place of the server in a session that is over.',
  },
  'authentication-psk': {
    title: 'Authentication by the pre-shared key',
    text: 'Both sides showed that they know the pre-shared key, and the server needs to send no certificate. There is no signature here that a quantum computer could forge. But the key is worth as much as the way it came to both sides.',
  },
  'harvest-hybrid': {
    title: 'Harvest now, decrypt later: this session',
    text: 'Whoever records this session today and has a quantum computer one day would have to break both parts of the hybrid. As far as is known today that is not possible, so what these keys protect stays confidential. That holds if the server was the right one at the time, and if neither side gives its keys away.',
  },
  'harvest-post-quantum': {
    title: 'Harvest now, decrypt later: this session',
    text: 'Whoever records this session today and has a quantum computer one day would have to break the post-quantum KEM. As far as is known today that is not possible, so what these keys protect stays confidential. That holds if the server was the right one at the time, and if neither side gives its keys away.',
  },
  'harvest-classical': {
    title: 'Harvest now, decrypt later: this session',
    text: 'Whoever records this session today can decrypt it on the day when there is a large quantum computer: all that it takes is in the recording. If what was sent has to be secret for ten years or more, that is a risk today. Changing to a hybrid later does not help sessions that are recorded already.',
  },
  'harvest-classical-psk': {
    title: 'Harvest now, decrypt later: this session',
    text: 'The keys come from the classical key exchange and from the pre-shared key together. A large quantum computer breaks the key exchange with what is in the recording, but needs the pre-shared key as well. If that came with the ticket of an earlier session, a recording of that one gives it away where the key exchange was classical too. A pre-shared key that is long, random and was handed over safely keeps the session closed.',
  },
  'harvest-broken-hybrid': {
    title: 'Harvest now, decrypt later: this session',
    text: 'The post-quantum part of this key exchange is broken, so a recording of this session is worth as much as that of a classical one. On the day when there is a large quantum computer it can be decrypted. The hybrids of today are made with ML-KEM.',
  },
  'harvest-broken-post-quantum': {
    title: 'Harvest now, decrypt later: this session',
    text: 'There is no need to wait for a quantum computer: this key exchange is broken on ordinary ones. Take what was sent as known to anyone who recorded it.',
  },
  'harvest-psk': {
    title: 'Harvest now, decrypt later: this session',
    text: 'There is no key exchange in this handshake for a quantum computer to break. If the pre-shared key is long, random and was handed over safely, a recording is of no use. If it came with the ticket of an earlier session, that session decides: if its key exchange was classical, this recording can be decrypted along with it.',
  },
  'harvest-resumed': {
    title: 'Harvest now, decrypt later: this session',
    text: 'The keys come from an earlier session, and {version} has no post-quantum groups. Whoever recorded the handshake of that session as well can decrypt both on the day when there is a large quantum computer. Without that recording this one tells nothing about the keys.',
  },
  'harvest-unknown': {
    title: 'Harvest now, decrypt later: this session',
    text: 'What a recording of this session is worth to a later quantum computer cannot be said, as it is not known here what the key exchange is. To be careful, take it as classical.',
  },
  'harvest-unencrypted': {
    title: 'Harvest now, decrypt later: this session',
    text: 'There is nothing to decrypt later: the cipher suite does not encrypt, and whoever records this session can read it at once. No key exchange makes up for that.',
  },
  'rejected-alert-by-server': {
    title: 'The server refused',
    text: "The server sent the alert {alert} in place of a ServerHello, so nothing was agreed on. Which group it would have taken cannot be seen: an alert names no group. Versions, groups, cipher suites or the server name may be the reason; the server's logs can tell, or a second try with another offer.",
  },
  'rejected-alert-by-client': {
    title: 'The client broke off',
    text: "The client sent the alert {alert} before a ServerHello was read, so nothing was agreed on. Which group would have been selected cannot be known. The client's logs can tell why it broke off.",
  },
  'rejected-closed': {
    title: 'The connection was closed',
    text: 'The connection was closed before a ServerHello, so nothing was agreed on. No reason was given: the client, the server, a load balancer or a firewall may have done it. Where only long ClientHellos meet this end, a middlebox that cannot take them is a likely cause; a capture on both of its sides shows it.',
  },
  'not-tls': {
    title: 'The answer is not TLS',
    text: 'What came after the ClientHello is not a TLS record, so nothing was agreed on. Mostly the server speaks another protocol on this port, or wants to be asked for TLS first (STARTTLS). Which group it would have selected cannot be known.',
  },
  unanswered: {
    title: 'No answer',
    text: 'No ServerHello came while the capture went on, so nothing can be said about what the server would have selected. The ClientHello may have been lost on the way, the answer may have been, or the capture ended too early. A longer capture, or one at the server as well, tells which.',
  },
  'unanswered-after-alert': {
    title: 'An alert and no answer',
    text: 'The alert {alert} was sent, but neither a ServerHello nor the end of the connection came while the capture went on. So nothing can be said about what the server would have selected. A longer capture tells how it ended.',
  },
  'incomplete-snap-length': {
    title: 'Packets were cut when they were captured',
    text: 'The capture keeps only the first bytes of each packet (its snap length), and the handshake messages are not whole. So what was agreed on cannot be known, and is not guessed. Capture again with whole packets: tcpdump -s 0.',
  },
  'incomplete-one-direction': {
    title: 'Only one direction was captured',
    text: 'The capture holds what one side sent, and nothing of the other. An offer without an answer says nothing about what was agreed on. Capture where both directions pass: at the client or the server itself, or with both directions of a mirror port.',
  },
  'incomplete-missing': {
    title: 'Bytes are missing',
    text: 'Bytes that would decide are not in the capture, so what was agreed on cannot be known, and is not guessed. Packets were lost while capturing, or the capture began or ended in the middle of the handshake. Start it before the connection is opened, give it a larger buffer (tcpdump -B), and keep it to the hosts that matter with a filter.',
  },
}
