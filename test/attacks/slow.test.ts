/** Slow clients: F-M5 of the list of faults. These tests last as long as the limits they prove. */
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { Client } from '../support/http/client.ts';
import { makeWorld, type World } from '../support/http/world.ts';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.close());

/** Sends `text`, then a byte every second, until the server has had enough; resolves with what it said. */
function drip(text: string): Promise<{ said: string; seconds: number }> {
  const began = performance.now();
  return new Promise((resolve) => {
    let said = '';
    let timer: NodeJS.Timeout | undefined;
    const socket: TLSSocket = connect(
      { port: world.port, host: '127.0.0.1', rejectUnauthorized: false },
      () => {
        socket.write(text);
        timer = setInterval(() => socket.write('a'), 1000);
      },
    );
    socket.on('data', (piece: Buffer) => (said += piece.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(timer);
      resolve({ said, seconds: (performance.now() - began) / 1000 });
    });
  });
}

describe('slow clients', () => {
  it.concurrent(
    'F-M5 headers that take longer than ten seconds end with 408, others are served meanwhile',
    async ({ expect }) => {
      const slow = Promise.all(
        Array.from({ length: 50 }, () => drip('GET /api/v1/site HTTP/1.1\r\nHost: localhost\r\nX-A: ')),
      );
      expect((await new Client(world.port).get('/api/v1/site')).status).toBe(200);
      for (const { said, seconds } of await slow) {
        expect(said).toMatch(/^HTTP\/1\.1 408 /);
        expect(seconds).toBeGreaterThan(9);
        expect(seconds).toBeLessThan(20);
      }
    },
  );

  it.concurrent(
    'F-M5 a body that takes longer than thirty seconds ends the connection',
    async ({ expect }) => {
      const head =
        'POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n';
      const { seconds } = await drip(head);
      expect(seconds).toBeGreaterThan(25);
      expect(seconds).toBeLessThan(45);
      await expect.poll(() => world.audit('login').length).toBe(1);
    },
  );
});
