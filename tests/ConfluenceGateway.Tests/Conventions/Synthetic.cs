// Types that break the dependency rule in every way there is, for the rule's own tests.
#pragma warning disable CA1852, CA1823, CA1812, CA1822, CS0169, IDE0051, IDE0044, CA1805

namespace ConfluenceGateway.Tests.Conventions.Synthetic.Proxy
{
    public class Above
    {
        public static int Count => Redis.Below.Count;
    }
}

namespace ConfluenceGateway.Tests.Conventions.Synthetic.Redis
{
    public static class Below
    {
        public static int Count => 1;
    }

    public sealed class InAField
    {
        public Proxy.Above? Held { get; init; }
    }

    public sealed class InABody
    {
        public int Read() => Proxy.Above.Count;
    }

    public sealed class AsATypeArgument
    {
        public object Make() => new List<Task<Proxy.Above>[]>();
    }

    public sealed class AsABase : Proxy.Above;
}
