// confluence.js 1: API v1 only.
import { ConfluenceClient } from 'confluence.js-1'
import { legacyTour } from './confluence.js-v1.mjs'

await legacyTour(ConfluenceClient, refusal => ({ status: refusal.response.status, body: refusal.response.data }))
