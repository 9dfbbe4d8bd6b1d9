import type { Socket } from 'node:net';
import type { NatsConnection } from '@nats-io/transport-node';

/** What the client keeps of its socket; a reconnect makes a new one. The library declares none of it. */
interface Transport {
  readonly socket?: Socket;
  send(frame: Uint8Array): void;
}

/**
 * Everything sent in one turn of the event loop goes out in one write. The client writes once a microtask: a worker that answers a hundred
 * messages makes some hundred system calls, and the server as many reads. Call it again after a reconnect.
 */
export const gatherWrites = (connection: NatsConnection): void => {
  const { protocol } = connection as NatsConnection & { readonly protocol?: { readonly transport?: Transport } };
  const transport = protocol?.transport;
  if (!transport?.socket || Object.hasOwn(transport, 'send')) return;
  const send = transport.send.bind(transport);
  transport.send = (frame) => {
    const { socket } = transport;
    if (socket && socket.writableCorked === 0) {
      socket.cork();
      setImmediate(() => socket.uncork());
    }
    send(frame);
  };
};
