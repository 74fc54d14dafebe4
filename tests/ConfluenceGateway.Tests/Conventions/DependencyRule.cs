using System.Reflection;
using System.Text.RegularExpressions;

namespace ConfluenceGateway.Tests.Conventions;

/// <summary>Which folder of the gateway may use which: only those on lines below its own.</summary>
/// <param name="root">The namespace whose next part names the folder.</param>
internal sealed class DependencyRule(string root)
{
    private static readonly string[][] Lines =
    [
        ["Doctor"],
        ["Proxy", "OAuth", "Admin", "Compatibility"],
        ["Callers"],
        ["Webhooks"],
        ["Tokens"],
        ["Atlassian"],
        ["Audit"],
        ["Connections"],
        ["Redis"],
        ["Telemetry"],
        ["Configuration"],
    ];

    /// <summary>The folders that have a place in the rule.</summary>
    public static IEnumerable<string> Folders => Lines.SelectMany(line => line);

    /// <summary>The uses in <paramref name="text"/>, a file of <paramref name="folder"/>, that the rule forbids.</summary>
    public IEnumerable<string> ForbiddenInSource(string folder, string text) =>
        Regex.Matches(text, $@"\b{Regex.Escape(root)}\.([A-Z]\w*)").Select(match => match.Groups[1].Value)
            .Distinct().Where(used => IsForbidden(folder, used)).Select(used => $"{folder} uses {used}");

    /// <summary>The uses by <paramref name="type"/>, compiled, that the rule forbids, however they are written.</summary>
    public IEnumerable<string> ForbiddenInCode(Type type) =>
        FolderOf(type) is not { } folder
            ? []
            : TypeUses.Of(type).Select(FolderOf).OfType<string>().Distinct()
                .Where(used => IsForbidden(folder, used)).Select(used => $"{folder} uses {used}: {type.FullName}");

    private string? FolderOf(Type type) =>
        type.Namespace is { } name && name.StartsWith(root + ".", StringComparison.Ordinal) ? name[(root.Length + 1)..].Split('.')[0] : null;

    private static bool IsForbidden(string folder, string used) =>
        folder != used && (folder, used) != ("Proxy", "Compatibility") && Line(used) >= 0 && Line(used) <= Line(folder);

    private static int Line(string folder) => Array.FindIndex(Lines, line => line.Contains(folder));
}

/// <summary>The types that a compiled type refers to: in its base, its members and the bodies of its methods.</summary>
internal static class TypeUses
{
    private const BindingFlags All =
        BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    public static IEnumerable<Type> Of(Type type) =>
        new[] { type.BaseType }.OfType<Type>().Concat(type.GetInterfaces())
            .Concat(type.GetCustomAttributesData().Select(attribute => attribute.AttributeType))
            .Concat(type.GetFields(All).Select(field => field.FieldType))
            .Concat(type.GetMethods(All).SelectMany(Of))
            .Concat(type.GetConstructors(All).SelectMany(Of))
            .SelectMany(Parts).Distinct();

    private static IEnumerable<Type> Of(MethodBase method) =>
        method.GetParameters().Select(parameter => parameter.ParameterType)
            .Concat(method is MethodInfo { ReturnType: var returned } ? [returned] : [])
            .Concat(method.GetMethodBody() is { } body
                ? body.LocalVariables.Select(local => local.LocalType).Concat(InstructionReader.MembersIn(method, body).SelectMany(Mentioned))
                : []);

    private static IEnumerable<Type> Mentioned(MemberInfo member) =>
        new[] { member as Type, member.DeclaringType, (member as FieldInfo)?.FieldType, (member as MethodInfo)?.ReturnType }.OfType<Type>()
            .Concat(member is MethodInfo { IsGenericMethod: true } generic ? generic.GetGenericArguments() : [])
            .Concat(member is MethodBase method ? method.GetParameters().Select(parameter => parameter.ParameterType) : []);

    // A List<Task<X>[]> is a use of X.
    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!)
        : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type)
        : [type];
}
