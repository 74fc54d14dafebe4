// confluence.js 2: API v1 only. What it throws is the body of the answer.
import { ConfluenceClient } from 'confluence.js-2'
import { legacyTour } from './confluence.js-v1.mjs'

await legacyTour(ConfluenceClient, refusal => ({ status: refusal.status, body: refusal }))
