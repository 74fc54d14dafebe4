// confluence.js 3: API v2, and v1 for attachments. It holds every answer against the schema of its operation.
import { createV1Client, createV2Client } from 'confluence.js-3'
import { allOf, sha256, tour, untilRefused } from './tour.mjs'

await tour(async ({ base, doomed, file, run }) => {
  const config = host => ({ host, auth: { type: 'basic', email: 'legacy@example.com', apiToken: 'old-token' } })
  const confluence = createV2Client(config(base))
  const { contentAttachments } = createV1Client(config(base))

  const spaces = (await confluence.space.getSpaces({ limit: 10 })).results
  const demo = spaces.find(space => space.key === 'DEMO')
  const pages = await allOf(cursor => confluence.page.getPages({ spaceId: [demo.id], limit: 10, cursor }))
  const read = await confluence.page.getPageById({ id: pages[0].id, bodyFormat: 'storage' })

  const created = await confluence.page.createPage({
    body: { spaceId: demo.id, status: 'current', title: run, body: { representation: 'storage', value: '<p>first</p>' } },
  })
  await confluence.page.updatePage({
    id: created.id,
    body: { id: created.id, status: 'current', title: run, version: { number: 2 }, body: { representation: 'storage', value: '<p>second</p>' } },
  })

  const uploaded = await contentAttachments.createOrUpdateAttachments({ id: created.id, attachments: [{ content: file.bytes, filename: file.name }] })
  const downloaded = await contentAttachments.downloadAttatchment({ id: created.id, attachmentId: uploaded.results[0].id })

  const refusal = await untilRefused(
    () => confluence.page.getPageById({ id: created.id }), () => createV2Client(config(doomed)).page.getPages({ limit: 1 }))

  return {
    spaces: spaces.map(space => space.key),
    pages: pages.map(page => page.id),
    read: read.title,
    updated: (await confluence.page.getPageById({ id: created.id, bodyFormat: 'storage' })).body.storage.value,
    downloaded: sha256(downloaded),
    refusal: { name: refusal.name, status: refusal.status, body: refusal.body },
  }
})
