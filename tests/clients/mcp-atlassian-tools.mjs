// Every tool of mcp-atlassian for Confluence, apart from those of the tour.
import assert from 'node:assert/strict'

const home = '98305'
const alice = '712020:a11ce000-0000-4000-8000-000000000001'
const names = list => list.map(({ title, name }) => title ?? name)

// The tools that ask for /wiki/rest/api/… below the base URL.
export async function toolsOfTheSite(call, page) {
  const byTitle = await call('read_confluence_page', { spaceKey: 'DEMO', title: 'Architecture 3', format: 'markdown' })
  assert.deepEqual([byTitle.title, byTitle.version, byTitle.space.key, byTitle.content], ['Architecture 3', 1, 'DEMO', 'Architecture 3: **details** &amp; more.'])

  const whole = await call('get_page_with_attachments', { pageId: home })
  assert.deepEqual([whole.page.version, names(whole.page.metadata.labels).sort(), whole.page.ancestors], [2, ['demo', 'welcome'], []])
  assert.equal(Buffer.from(whole.attachments[0].base64Data, 'base64').toString(), 'Hello from acme.\n')
  assert.equal(whole.summary.downloadedAttachments, 1)

  const { id } = await call('create_confluence_page', { spaceKey: 'DEMO', title: 'Below', content: '<p>below</p>', parentId: page.id })
  const above = await call('get_page_with_attachments', { pageId: id, includeAttachments: false })
  assert.equal(above.page.ancestors.at(-1).id, page.id)

  const comment = await call('add_confluence_comment', { pageId: id, content: '<p>well</p>' })
  const answer = await call('add_confluence_comment', { pageId: id, content: '<p>done</p>', parentCommentId: comment.id })
  assert.deepEqual([comment.type, comment.version, answer.createdBy], ['comment', 1, 'Alice Archer'])

  const added = await call('add_confluence_page_label', { pageId: id, labels: [{ name: 'tried' }] })
  assert.deepEqual(names(added.addedLabels), ['tried'])
  assert.deepEqual(names((await call('list_confluence_page_labels', { pageId: home })).labels).sort(), ['demo', 'welcome'])

  const html = await call('export_confluence_page', { pageId: id, format: 'html' })
  assert.equal(Buffer.from(html.base64Data, 'base64').toString(), '<p>below</p>')
  const markdown = await call('export_confluence_page', { pageId: id, format: 'markdown' })
  assert.match(Buffer.from(markdown.base64Data, 'base64').toString(), /space: Demonstration \(DEMO\)[^]*version: 1[^]*below/)

  // v1 shows no version of an attachment that nobody asked for, and the tool does not ask.
  await assert.rejects(call('list_attachments_on_page', { pageId: home }), /reading 'number'/)
  // It asks user/search, which Confluence does not have, and takes the 404 for an answer.
  assert.deepEqual((await call('find_confluence_users', { username: 'alice' })).users, [])
  // One of the others, here: a 404, which it takes for a space.
  assert.equal((await call('get_confluence_space', { spaceKey: 'DEMO' })).name, undefined)
}

// The tools that ask for /api/…, where Confluence has nothing unless the base URL ends with /wiki/rest.
export async function toolsOfTheApi(call, page) {
  assert.equal((await call('get_confluence_current_user', {})).displayName, 'Alice Archer')
  assert.equal((await call('get_confluence_user', { accountId: alice })).displayName, 'Alice Archer')
  const space = await call('get_confluence_space', { spaceKey: 'DEMO' })
  assert.deepEqual([space.name, space.description, space.type], ['Demonstration', 'A space to try things in', 'global'])

  const { children } = await call('list_confluence_page_children', { pageId: home })
  assert.deepEqual(names(children).filter(title => title !== page.title), ['Getting started', 'Architecture', 'Operations', 'Decisions', 'Meeting notes'])
  assert.equal(children[0].spaceKey, 'DEMO')
  const { ancestors } = await call('list_confluence_page_ancestors', { pageId: children[0].id })
  assert.deepEqual(names(ancestors), ['Demonstration Home'])

  assert.deepEqual(names((await call('list_pages_created_by_user', { accountId: alice, spaceKey: 'ENG' })).pages).sort(), ['Coding rules', 'Engineering Home', 'Release day', 'Runbook'])
  assert.equal((await call('search_pages_by_user_involvement', { accountId: alice, searchType: 'creator', spaceKey: 'ENG', limit: 2 })).pages.length, 2)
  assert.deepEqual(names((await call('list_attachments_uploaded_by_user', { accountId: alice })).attachments), ['hello.txt'])

  // CQL has no lastModifier, the simulated one no mention, and the upload says that its form is JSON.
  await assert.rejects(call('get_my_recent_confluence_pages', {}))
  await assert.rejects(call('get_confluence_pages_mentioning_me', {}))
  await assert.rejects(call('upload_confluence_attachment', { pageId: home, file: 'aGVsbG8=', filename: 'hello.txt' }))
}
