using ConfluenceGateway.Tests.Conventions;

namespace ConfluenceGateway.Deployment.Chart;

/// <summary>A file of the repository that the tests can make: with <c>CGW_WRITE=1</c> they write it, else they compare.</summary>
internal static class WrittenFile
{
    public static void Expect(string made, params string[] path)
    {
        if (Environment.GetEnvironmentVariable("CGW_WRITE") == "1")
        {
            File.WriteAllText(Path.Combine([Repository.Root, .. path]), made);
        }

        Assert.True(made == Repository.Read(path), $"{Path.Combine(path)} is not what is made from its sources. Run these tests with CGW_WRITE=1 to write it, and look at the change.");
    }
}
