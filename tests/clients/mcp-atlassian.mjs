// mcp-atlassian 2.1: an MCP server on its standard streams, used as an assistant would use it.
import assert from 'node:assert/strict'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { confluenceTools } from './node_modules/mcp-atlassian/dist/confluence/tools.js'
import { toolsOfTheApi, toolsOfTheSite } from './mcp-atlassian-tools.mjs'
import { tour, untilRefused } from './tour.mjs'

const called = new Set()

await tour(async ({ base, doomed, run }) => {
  const [living, dying, api] = await Promise.all([connect(base), connect(doomed), connect(`${base}/wiki/rest`)])
  try {
    const spaces = await living.call('list_confluence_spaces', { limit: 10 })
    const search = start => living.call('search_confluence_pages', { cql: 'type = page AND space = DEMO', limit: 10, start })
    const pages = []
    for (let found; (found = (await search(pages.length)).results).length > 0;) pages.push(...found)
    const read = await living.call('read_confluence_page', { pageId: pages[0].id })

    const created = await living.call('create_confluence_page', { spaceKey: 'DEMO', title: run, content: '<p>first</p>' })
    await living.call('update_confluence_page', { pageId: created.id, version: 2, content: '<p>second</p>' })
    // By the path of Confluence's own links.
    const { base64Data } = await living.call('download_confluence_attachment', { attachmentId: 'att98344' })

    await toolsOfTheSite(living.call, created)
    await toolsOfTheApi(api.call, created)
    assert.deepEqual([...called].sort(), confluenceTools.map(tool => tool.name).sort())

    const refusal = await untilRefused(
      () => living.call('read_confluence_page', { pageId: created.id }), () => dying.call('search_confluence_pages', { cql: 'type = page' }))

    return {
      spaces: spaces.results.map(space => space.key),
      pages: pages.map(page => page.id),
      read: read.title,
      updated: (await living.call('read_confluence_page', { pageId: created.id })).content,
      downloaded: Buffer.from(base64Data, 'base64').toString(),
      refusal: { text: refusal.message, page: await dying.call('read_confluence_page', { pageId: '98305' }) },
    }
  } finally {
    await living.close()
    await dying.close()
    await api.close()
  }
})

async function connect(ATLASSIAN_BASE_URL) {
  const client = new Client({ name: 'assistant', version: '1.0.0' })
  await client.connect(new StdioClientTransport({
    command: process.execPath,
    args: ['node_modules/mcp-atlassian/dist/index.js'],
    env: { ...process.env, ATLASSIAN_BASE_URL, ATLASSIAN_EMAIL: 'legacy@example.com', ATLASSIAN_API_TOKEN: 'old-token', LOG_LEVEL: 'error' },
    stderr: 'ignore',
  }))
  return {
    close: () => client.close(),
    call: async (name, args) => {
      called.add(name)
      const { content, isError } = await client.callTool({ name, arguments: args })
      if (isError) throw new Error(content[0].text)
      return JSON.parse(content[0].text)
    },
  }
}
