namespace AtlassianSimulator.Confluence.V1;

/// <summary>Users.</summary>
internal static class V1Users
{
    private const string Scope = "read:confluence-user";

    public static void Map(ConfluenceOperations operations)
    {
        operations.V1("GET", "/user/current", Scope, call => V1Shapes.User(call, call.Caller, alone: true));
        operations.V1("GET", "/user", Scope, Get);
    }

    private static ConfluenceAnswer Get(ConfluenceCall call)
    {
        var id = V1Query.Required(call.Query("accountId"), "accountId");
        var account = call.Site.Directory.Accounts.FirstOrDefault(account => account.AccountId == id)
            ?? throw V1Exception.NotFound($"No user found with account id : {id}");
        return V1Shapes.User(call, account, alone: true);
    }
}
