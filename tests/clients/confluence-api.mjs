// confluence-api 1.4: API v1 only, from 2018. It cannot download.
import { promisify } from 'node:util'
import Confluence from 'confluence-api'
import { allOf, tour, untilRefused } from './tour.mjs'

await tour(async ({ base, doomed, file, run }) => {
  const client = baseUrl => {
    const confluence = new Confluence({ username: 'legacy', password: 'old-password', baseUrl })
    return new Proxy(confluence, { get: (target, name) => promisify(target[name]).bind(target) })
  }
  const confluence = client(base)

  const spaces = (await confluence.getSpace('DEMO')).results
  // Follows the homepage's link below the base URL.
  const home = await confluence.getSpaceHomePage('DEMO')
  const query = `cql=${encodeURIComponent('type = page AND space = DEMO')}&limit=10`
  const found = await allOf(cursor => confluence.search(cursor ? `${query}&cursor=${encodeURIComponent(cursor)}` : query))

  // It finds the parent by itself, and its callback comes third from the end.
  const created = await new Promise((resolve, reject) =>
    new Confluence({ username: 'legacy', password: 'old-password', baseUrl: base })
      .postContent('DEMO', run, '<p>first</p>', null, (error, page) => (error ? reject(error) : resolve(page))))
  await confluence.putContent('DEMO', created.id, 2, run, '<p>second</p>')
  await confluence.createAttachment('DEMO', created.id, file.path)
  await confluence.postLabels(created.id, [{ prefix: 'global', name: 'legacy' }])

  const refusal = await untilRefused(() => confluence.getContentById(created.id), () => client(doomed).search('cql=type%3Dpage'))

  return {
    spaces: spaces.map(space => space.key),
    pages: found.map(result => result.content.id),
    read: home.title,
    updated: (await confluence.getContentById(created.id)).body.storage.value,
    attachments: (await confluence.getAttachments('DEMO', created.id)).results.map(attachment => attachment.title),
    refusal: { status: refusal.status, body: refusal.response.body, text: refusal.response.text },
  }
})
