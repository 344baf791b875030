/** Keys about the place, its cameras and their footage. */
import { z } from 'zod';
import { DRILL_CAMERA, LANGUAGES, VAULT } from './config.ts';
import { isCountry } from './facts.ts';
import { MAX_TEXT, id, line, path, texts, timeZone } from './fields.ts';

export const Site = z
  .strictObject({
    name: line.meta({
      help: 'Name of the place, shown above every page.',
      example: 'Office, second floor',
    }),
    city: line.default('').meta({ help: 'Town, shown beside the name.', example: 'Utrecht' }),
    controller: line.meta({
      help: 'Who decides about the footage (GDPR article 4(7)).',
      example: 'Example B.V.',
    }),
    contact: line.meta({
      help: 'Where people on the footage turn to with their rights: an address, a telephone number.',
      example: 'privacy@example.org',
    }),
    timeZone: timeZone.meta({
      help: 'Time zone in which people read times; a name of the IANA database.',
      example: 'Europe/Amsterdam',
    }),
    country: z.string().refine(isCountry, 'must be a country as two capital letters (ISO 3166-1)').meta({
      help: 'Country whose law bounds the retention: NL allows 28 days, BE 30, for others retention.ceilingDays is owed.',
      example: 'NL',
    }),
    language: z
      .enum(LANGUAGES)
      .default('en')
      .meta({ help: 'Language of the log-in page and of what stands in one language only.', example: 'nl' }),
  })
  .meta({ help: 'The place that is watched, and who answers for it.' });

export const Retention = z
  .strictObject({
    days: z.number().min(0.05).max(366).default(14).meta({
      help: 'How long footage is kept after the end of its recording; then it is deleted unless a hold covers it.',
      unit: 'days of 24 h',
      example: 14,
    }),
    justification: z
      .string()
      .trim()
      .min(20)
      .max(2000)
      .optional()
      .meta({
        help: 'Why footage is kept that long. Owed beyond 72 h (EDPB Guidelines 3/2019).',
        absent: 'owed beyond 72 h',
        example:
          'Break-ins and damage at the entrance are often found only after a weekend or a holiday; ' +
          'until then nobody knows which footage a claim needs.',
      }),
    ceilingDays: z.number().min(0.05).max(366).optional().meta({
      help: 'The longest retention the law of the country allows. It can be set lower than 28 in NL and 30 in BE, never higher.',
      unit: 'days of 24 h',
      absent: '28 in NL, 30 in BE, owed elsewhere',
      sample: 28,
    }),
  })
  .meta({ help: 'How long footage is kept.' });

export const Camera = z.strictObject({
  id: id
    .refine((name) => name !== DRILL_CAMERA, `must not be ${DRILL_CAMERA}: the deletion drill's own camera`)
    .meta({
      help: 'Stable name of the camera in the index, the holds and the metrics. Never change it, never use it again.',
      example: ['entrance', 'hall'],
    }),
  name: texts.meta({
    help: 'Name people know: one text, or one per language (nl, en, fr).',
    example: [
      { nl: 'Ingang', en: 'Entrance', fr: 'Entrée' },
      { nl: 'Entreehal', en: 'Entrance hall', fr: "Hall d'entrée" },
    ],
  }),
  purpose: texts.meta({
    help: 'What the camera is there for: one text, or one per language.',
    example: [
      {
        nl: 'Eigendommen beschermen tegen onbevoegden',
        en: 'Protecting property against unauthorised persons',
        fr: 'Protéger les biens contre les personnes non autorisées',
      },
      {
        nl: 'Eigendommen beschermen tegen onbevoegden',
        en: 'Protecting property against unauthorised persons',
        fr: 'Protéger les biens contre les personnes non autorisées',
      },
    ],
  }),
  controller: line.optional().meta({
    help: 'Who decides about the footage of this camera, when it is not the site’s controller.',
    absent: 'site.controller',
    sample: "Building manager's name",
  }),
  retired: z.boolean().default(false).meta({
    help: 'The camera records no more. It stays here, swept, holdable and shown, until its last clip is gone.',
    sample: true,
  }),
});

export const Source = z.strictObject({
  id: id
    .refine((name) => name !== VAULT, `must not be ${VAULT}: that is the vault (holds.vault)`)
    .meta({
      help: 'Stable name of the recording directory. Never change it while clips or holds are left in it.',
      example: ['nvr'],
    }),
  root: path.meta({
    help: 'Absolute path of the directory the recorder writes to; no component may be a link. Roots must not overlap.',
    example: ['/srv/recordings/nvr'],
  }),
  layout: z
    .string()
    .min(1)
    .max(40)
    .meta({
      help: 'How the recorder lays its files out: a name from `fortnight layouts`, or `custom` with a pattern.',
      example: ['frigate'],
    }),
  pattern: z.string().min(1).max(400).optional().meta({
    help: 'Pattern of the paths below the root (see the guide on layouts): owed with layout `custom`, elsewhere the setting of a recorder that can be told how to name its files.',
    absent: 'as the layout says',
    sample: '{camera}/{YYYY}-{MM}-{DD}/{hh}-{mm}-{ss}{ext}',
  }),
  cameras: z
    .record(z.string().min(1).max(MAX_TEXT), z.string())
    .refine((map) => Object.keys(map).length > 0, 'must name at least one camera')
    .meta({
      help: 'Which camera of the recorder, as its paths name it, is which camera of this file. Others are counted, never deleted. `*` where paths name no camera.',
      example: [{ front_door: 'entrance', lobby: 'hall' }],
    }),
  timeZone: timeZone.optional().meta({
    help: 'Time zone of the recorder’s clock, for names in local time.',
    absent: 'site.timeZone',
    sample: 'Europe/Amsterdam',
  }),
  retired: z.boolean().default(false).meta({
    help: 'Nothing is recorded here any more. It stays here and swept until it is empty.',
    sample: true,
  }),
  maxClipMinutes: z.number().min(0.05).max(1440).optional().meta({
    help: 'The longest a clip can be, when the recorder is set otherwise than its layout says.',
    unit: 'minutes',
    absent: 'as the layout says',
    sample: 15,
  }),
  unowned: z
    .strictObject({
      deleteAfterDays: z.number().min(0.05).max(3660).meta({
        help: 'A file nobody owns goes when it is older than this by its times, by its name, and by when it was first seen. At least retention.days. In force when an administrator has confirmed it (`fortnight unowned confirm`).',
        unit: 'days of 24 h',
        sample: 30,
      }),
    })
    .optional()
    .meta({
      help: 'What becomes of files that belong to no camera and no clip. Links, devices and directories are never deleted.',
      absent: 'they are counted and listed, never deleted',
    }),
  events: z.enum(['auto', 'yes', 'no']).default('auto').meta({
    help: 'Whether the file system tells of new files (inotify). `no`, for network shares, lists the directories every 30 s.',
    sample: 'no',
  }),
});
