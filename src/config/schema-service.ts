/** Keys about the service that runs on the box. */
import { z } from 'zod';
import { isAddressRange } from './facts.ts';
import { address, path, port } from './fields.ts';

const Tls = z.strictObject({
  certFile: path.meta({
    help: 'Certificate chain, PEM; read again on SIGHUP.',
    sample: '/etc/fortnight/tls.crt',
  }),
  keyFile: path.meta({
    help: 'Its private key, PEM; not readable for others.',
    sample: '/etc/fortnight/tls.key',
  }),
});

export const Http = z
  .strictObject({
    address: address.default('0.0.0.0').meta({
      help: 'Address the pages and the API are served on, always over HTTPS.',
    }),
    port: port.default(8443).meta({ help: 'Its port; 0 takes a free one.' }),
    hosts: z
      .array(
        z
          .string()
          .regex(
            /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:]+\])$/,
            'must be a host name in small letters, without port',
          ),
      )
      .max(32)
      .optional()
      .meta({
        help: 'Names under which people reach the service; requests for another name are refused. localhost always counts.',
        absent: 'the name of the machine',
        sample: ['footage.example.org'],
      }),
    tls: Tls.optional().meta({
      help: 'Own certificate.',
      absent: 'a self-signed certificate, made in the state directory at the first start',
    }),
    trustedProxies: z
      .array(z.string().refine(isAddressRange, 'must be an IP address or a range such as 192.0.2.0/24'))
      .max(32)
      .default([])
      .meta({
        help: 'Reverse proxies whose X-Forwarded-For is believed.',
        sample: ['192.0.2.1'],
      }),
  })
  .prefault({})
  .meta({ help: 'The web service.' });

export const Metrics = z
  .strictObject({
    enabled: z.boolean().default(true).meta({ help: 'Whether Prometheus can read metrics.' }),
    address: address.default('127.0.0.1').meta({
      help: 'Address of the metrics; any but loopback owes a tokenFile.',
    }),
    port: port.default(9427).meta({ help: 'Their port; 0 takes a free one.' }),
    tokenFile: path.optional().meta({
      help: 'File with the bearer token a scraper must show; not readable for others.',
      absent: 'no token asked; owed when the address is not loopback',
      sample: '/etc/fortnight/metrics.token',
    }),
  })
  .prefault({})
  .meta({ help: 'What Prometheus reads, on a listener of its own.' });

export const Clock = z
  .strictObject({
    trust: z.enum(['synchronised', 'rtc']).default('synchronised').meta({
      help: 'What to believe after the machine was off: only a clock that is synchronised, or its own battery clock too (up to 60 days).',
    }),
  })
  .prefault({})
  .meta({ help: 'The clock by which footage falls due.' });

export const Holds = z
  .strictObject({
    coolingOffHours: z.number().min(0).max(72).default(24).meta({
      help: 'Time between the release of a hold and the deletion of what it kept; it can be held again until then.',
      unit: 'hours',
    }),
    release: z.enum(['two_people', 'one_person_24h']).default('two_people').meta({
      help: 'Who may end or narrow a hold: one person asks and a second one of another role agrees; or, where there is no second person, what was asked happens by itself after 24 h.',
    }),
    vault: path.optional().meta({
      help: 'Absolute path of a directory on another disk, where copies of held clips are written; no component may be a link. Never leave it out or change it while copies lie in it.',
      absent: 'copies lie below the roots',
      sample: '/srv/vault',
    }),
  })
  .prefault({})
  .meta({ help: 'Holds for legal claims.' });

export const Drill = z
  .strictObject({
    everyDays: z.number().min(0.05).max(31).default(7).meta({
      help: 'Time between two deletion drills: a planted clip is indexed, falls due, is deleted and searched for.',
      unit: 'days of 24 h',
    }),
  })
  .prefault({})
  .meta({ help: 'The proof, again and again, that deleted footage is gone.' });

export const Logging = z
  .strictObject({
    level: z
      .enum(['debug', 'info', 'warn', 'error'])
      .default('info')
      .meta({ help: 'The least important lines that are logged.' }),
  })
  .prefault({})
  .meta({ help: 'The log, on standard error.' });
