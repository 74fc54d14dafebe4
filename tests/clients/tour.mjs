// What the scripts share. A script says what the user of a client would do with it; every request is built by the client.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

// Takes the tour and prints what it saw, one JSON object, as the last line.
export async function tour(steps) {
  const { BASE_URL, DOOMED_URL, FILE, RUN } = process.env
  const file = { path: FILE, name: basename(FILE), bytes: await readFile(FILE) }
  console.log(JSON.stringify(await steps({ base: BASE_URL, doomed: DOOMED_URL, file, run: RUN })))
}

export const sha256 = bytes => createHash('sha256').update(Buffer.from(bytes)).digest('hex').toUpperCase()

// The cursor of a link to the next page; undefined on the last one.
export const cursorOf = next => (next ? new URL(next, 'http://any').searchParams.get('cursor') : undefined)

// Asks page after page, each with what the answer before told; gives all results.
export async function allOf(ask) {
  const results = []
  for (let cursor; ;) {
    const answer = await ask(cursor)
    results.push(...answer.results)
    cursor = cursorOf(answer._links.next)
    if (!cursor) return results
  }
}

// Uses both connections until the grant of the doomed one has been revoked, and gives what the client throws then.
export async function untilRefused(readLiving, readDoomed) {
  for (const end = Date.now() + 60_000; Date.now() < end; await pause(200)) {
    const [refusal] = await Promise.all([readDoomed().then(() => undefined, error => error), readLiving()])
    if (refusal) return refusal
  }
  throw new Error('The doomed connection was never refused.')
}
