using System.Reflection;
using System.Reflection.Emit;

namespace ConfluenceGateway.Tests.Conventions;

/// <summary>Reads the members that a method's instructions name.</summary>
internal static class InstructionReader
{
    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    public static IEnumerable<MemberInfo> MembersIn(MethodBase method, MethodBody body)
    {
        var bytes = body.GetILAsByteArray()!;
        var typeArguments = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var at = 0; at < bytes.Length;)
        {
            // Two-byte instructions begin with FE.
            var wide = bytes[at] == 0xFE;
            var code = OpCodesByValue[wide ? unchecked((short)(0xFE00 | bytes[at + 1])) : bytes[at]];
            at += wide ? 2 : 1;
            if (code.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType)
            {
                yield return method.Module.ResolveMember(BitConverter.ToInt32(bytes, at), typeArguments, methodArguments)!;
            }

            at += OperandSize(code, bytes, at);
        }
    }

    private static int OperandSize(OpCode code, byte[] bytes, int at) => code.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(bytes, at),
        _ => 4,
    };
}
