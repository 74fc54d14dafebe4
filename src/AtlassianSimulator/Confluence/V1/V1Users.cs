namespace AtlassianSimulator.Confluence.V1;

/// <summary>Users.</summary>
internal static class V1Users
{
    private const string Scope = "read:confluence-user";
    private const int MostAtOnce = 200;

    public static void Map(ConfluenceOperations operations)
    {
        operations.V1("GET", "/user/current", Scope, call => V1Shapes.User(call, call.Caller, alone: true));
        operations.V1("GET", "/user", Scope, Get);
        operations.V1("GET", "/user/bulk", Scope, Bulk);
    }

    // Ids that nobody has are left out.
    private static ConfluenceAnswer Bulk(ConfluenceCall call)
    {
        var ids = call.Queries("accountId");
        if (ids.Count == 0)
        {
            throw V1Exception.Invalid("accountId is required");
        }

        var found = call.Site.Directory.Accounts.Where(account => ids.Contains(account.AccountId));
        return V1Paging.Page(call, found, account => V1Shapes.User(call, account), MostAtOnce);
    }

    private static ConfluenceAnswer Get(ConfluenceCall call)
    {
        var id = V1Query.Required(call.Query("accountId"), "accountId");
        var account = call.Site.Directory.Accounts.FirstOrDefault(account => account.AccountId == id)
            ?? throw V1Exception.NotFound($"No user found with account id : {id}");
        return V1Shapes.User(call, account, alone: true);
    }
}
